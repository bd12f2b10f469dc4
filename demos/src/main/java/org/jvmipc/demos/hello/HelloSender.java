package org.jvmipc.demos.hello;

import java.nio.charset.StandardCharsets;
import org.jvmipc.Ipc;
import org.jvmipc.Sender;

/** Sends three messages. */
public final class HelloSender {
    /** Sends them; takes no arguments. */
    public static void main(String[] args) throws InterruptedException {
        try (Sender sender = Ipc.sender("shm:hello")) {
            for (int i = 1; i <= 3; i++) {
                sender.transfer(StandardCharsets.UTF_8.encode("message " + i));
            }
        }
    }
}
