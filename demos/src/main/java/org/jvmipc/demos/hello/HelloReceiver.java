package org.jvmipc.demos.hello;

import java.time.Duration;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;

/** Prints messages until the sender has gone. */
public final class HelloReceiver {
    /** Prints them; takes no arguments. */
    public static void main(String[] args) throws InterruptedException {
        try (Receiver receiver = Ipc.receiver("shm:hello")) {
            for (Received next; (next = receiver.receive(Duration.ofSeconds(30))).isMessage(); ) {
                System.out.println(next.text());
            }
        }
    }
}
