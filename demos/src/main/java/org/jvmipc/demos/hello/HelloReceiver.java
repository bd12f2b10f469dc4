package org.jvmipc.demos.hello;

import java.time.Duration;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;

/** Prints messages until the sender has gone. */
final class HelloReceiver {
    public static void main(String[] args) throws InterruptedException {
        try (Receiver receiver = Ipc.receiver("shm:hello")) {
            Received received;
            while ((received = receiver.receive(Duration.ofSeconds(30))).isMessage()) {
                System.out.println(received.text());
            }
            System.out.println(received.kind());
        }
    }
}
