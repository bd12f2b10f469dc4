package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** Sends and awaits echoes in bursts and after pauses, so that both sides fall asleep at all moments. */
final class RingDriver implements Peer {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Some fill the whole ring, so that they wait for the padding before them to be taken. */
    private static boolean isLargest(int number) {
        return number % 97 == 96;
    }

    private static ByteBuffer message(int number, int largest) {
        return isLargest(number) ? ByteBuffer.allocate(largest).putInt(number).clear() : RingPeer.message(number);
    }

    @Override
    public void run(PeerContext context) throws Exception {
        String mine = "?capacity=4k&wait=" + context.arg(2);
        int count = Integer.parseInt(context.arg(4));
        try (Sender sender = Ipc.sender(context.arg(0) + mine);
                Receiver receiver = Ipc.receiver(context.arg(1) + mine)) {
            context.hear();
            int sent = 0;
            int received = 0;
            while (received < count) {
                int burst = sent % 7 == 0 ? 60 : 1;
                for (int i = 0; i < burst && sent < count && (i == 0 || !isLargest(sent)); i++) {
                    sender.send(message(sent++, sender.maxMessage()), PATIENCE);
                }
                if (sent % 5 == 0) {
                    LockSupport.parkNanos(sent % 50_000);
                }
                while (received < sent) {
                    Received echo = receiver.receive(PATIENCE);
                    if (!echo.isMessage() || !echo.message().payload().equals(message(received, sender.maxMessage()))) {
                        throw new AssertionError("instead of echo " + received + " of " + sent + " came " + echo);
                    }
                    received++;
                }
            }
            context.say("done");
            context.hear();
        }
    }
}
