package org.jvmipc.cli.soak;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jvmipc.BrokenFrameException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.testkit.history.LoggedSending;
import org.jvmipc.testkit.history.Stamp;

/**
 * Anonymous pipes, one after the other: each is for two processes, and ends with the first of them. The sender makes
 * one and writes its address down; the receiver attaches to it, and takes all that comes until the end.
 */
final class Piping {
    private static final Duration CALL = Duration.ofMillis(100);
    private static final Duration LINGER = Duration.ofSeconds(20);
    private static final int LONGEST = 3000;

    private Piping() {
    }

    static void send(Task task) throws IOException, InterruptedException {
        LoggedSending sending = new LoggedSending(task.log(), task.life(), task.random());
        boolean going = true;
        for (int pipes = 0; going; pipes++) {
            try (Sender sender = Ipc.sender("pipe:?capacity=4k")) {
                task.round().publish(task.route(), task.life(), sender.address().toString());
                if (pipes == 0) {
                    task.opened();
                }
                while (!task.isEnding() && isSent(task, sender, sending)) {
                    Works.pause(task);
                }
                going = !task.isEnding();
                if (!going) {
                    // What nobody takes, although somebody was there to take it, is missing in the logs.
                    sender.close(LINGER);
                }
            }
        }
    }

    /** False if the receiver has gone; true also if it has not come yet, or does not take anything just now. */
    private static boolean isSent(Task task, Sender sender, LoggedSending sending) throws InterruptedException {
        Stamp stamp = sending.invoke();
        boolean sent = false;
        try {
            ByteBuffer message = stamp.message(Stamp.SMALLEST + task.random().nextInt(LONGEST));
            if (task.random().nextBoolean()) {
                sender.send(message, CALL);
                sent = true;
            } else {
                sent = sender.trySend(message) == SendResult.SENT;
            }
            return true;
        } catch (IpcTimeoutException full) {
            return true;
        } catch (PeerGoneException gone) {
            return false;
        } finally {
            sending.end(stamp, sent);
        }
    }

    static void receive(Task task) throws IOException, InterruptedException {
        task.opened();
        String used = null;
        boolean last;
        do {
            // Nobody makes another one any more then.
            last = task.isEnding();
            String address = task.round().published(task.route());
            if (address == null || address.equals(used)) {
                Works.shortPause();
                continue;
            }
            used = address;
            try (Receiver receiver = Ipc.receiver(address)) {
                receiveAll(task, receiver);
            } catch (ChannelNotFoundException gone) {
                // Its maker has died, or this side's predecessor had it.
                Works.shortPause();
            }
        } while (!last);
    }

    private static void receiveAll(Task task, Receiver receiver) throws InterruptedException {
        while (true) {
            task.log().taking();
            try {
                Received received = receiver.receive(CALL);
                if (received.isMessage()) {
                    task.log().received(received.message().payload());
                    continue;
                }
                task.log().tookNothing();
                if (received == Received.END) {
                    return;
                }
            } catch (BrokenFrameException torn) {
                // By a sender that was killed; the end follows.
                task.log().tookNothing();
            }
        }
    }
}
