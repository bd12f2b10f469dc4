package org.jvmipc.cli.soak;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jvmipc.Ipc;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.signals.NoSuchProcessException;
import org.jvmipc.testkit.history.LoggedSending;
import org.jvmipc.testkit.history.Stamp;

/**
 * Signals with numbers. The address is a process, so that each receiver writes into a file who it is. A message has
 * four bytes: who sent it, and its number.
 */
final class Signalling {
    private static final int NUMBER_BITS = 20;
    private static final int NUMBERS = 1 << NUMBER_BITS;
    private static final Duration SILENCE = Duration.ofMillis(300);
    private static final int SILENCES = 3;

    private Signalling() {
    }

    static void send(Task task) throws IOException {
        LoggedSending sending = new LoggedSending(task.log(), task.life(), task.random());
        task.opened();
        String gone = null;
        while (!task.isEnding()) {
            String address = task.round().published(task.route());
            if (address == null || address.equals(gone)) {
                Works.shortPause();
                continue;
            }
            try (Sender sender = Ipc.sender(address)) {
                while (!task.isEnding() && isSent(sender, sending)) {
                    Works.pause(task);
                }
            } catch (PeerGoneException | NoSuchProcessException died) {
                // While this side sent, or before it came.
                Works.shortPause();
            }
            gone = address;
        }
    }

    /** False if the receiver has died. */
    private static boolean isSent(Sender sender, LoggedSending sending) {
        Stamp stamp = sending.invoke();
        SendResult result = SendResult.CLOSED;
        try {
            int number = stamp.source() << NUMBER_BITS | (int) stamp.number() % NUMBERS;
            result = sender.trySend(ByteBuffer.allocate(Integer.BYTES).putInt(0, number));
        } finally {
            sending.end(stamp, result == SendResult.SENT);
        }
        return result != SendResult.CLOSED;
    }

    static void receive(Task task) throws IOException, InterruptedException {
        try (Receiver receiver = Ipc.receiver("signal:self?signal=RTMIN+1")) {
            task.round().publish(task.route(), task.life(), receiver.address().toString());
            task.opened();
            int silent = 0;
            while (!task.isEnding() || silent < SILENCES) {
                Received received = receiver.receive(SILENCE);
                silent = received.isMessage() ? 0 : silent + 1;
                if (received.isMessage()) {
                    int number = received.message().payload().getInt();
                    task.log().received(new Stamp(number >>> NUMBER_BITS, number & NUMBERS - 1)
                            .message(Stamp.SMALLEST));
                }
            }
        }
    }
}
