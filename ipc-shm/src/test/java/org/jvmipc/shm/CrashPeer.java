package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.Claim;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;
import org.jvmipc.testkit.history.HistoryLog;
import org.jvmipc.testkit.history.Stamp;

/**
 * One who is killed and stopped at any time: waits for a line that says what to do, then sends or receives in all ways,
 * and logs it, until another line comes.
 */
final class CrashPeer implements Peer {
    private static final Duration CALL = Duration.ofMillis(400);
    private static final int LARGE = 3000;

    @Override
    public void run(PeerContext context) throws Exception {
        context.say("ready");
        String[] words = context.hear().split(" ");
        Random random = new Random(Long.parseLong(words[3]));
        try (HistoryLog log = HistoryLog.create(Path.of(words[2]))) {
            if (words[0].equals("send")) {
                send(context, words[1], log, new Sending(log, Integer.parseInt(words[4]), random));
            } else {
                receive(context, words[1], log, random);
            }
            log.ended();
        }
        context.say("closed");
    }

    private static void send(PeerContext context, String address, HistoryLog log, Sending sending) throws Exception {
        try (Sender sender = Ipc.sender(address)) {
            log.opened();
            context.say("open");
            while (context.hear(Duration.ZERO) == null) {
                sending.some(sender);
            }
        }
    }

    /** What a sender has sent, and how it goes on. */
    private record Sending(HistoryLog log, int source, Random random, long[] next) {
        Sending(HistoryLog log, int source, Random random) {
            this(log, source, random, new long[1]);
        }

        private Stamp invoke() {
            Stamp stamp = new Stamp(source, next[0]);
            log.invoked(stamp);
            return stamp;
        }

        private void end(Stamp stamp, boolean accepted) {
            if (accepted) {
                log.accepted(stamp);
                next[0] = stamp.number() + 1;
            } else {
                log.refused(stamp);
            }
        }

        private int length() {
            return Stamp.SMALLEST + random.nextInt(random.nextInt(50) == 0 ? LARGE : 200);
        }

        void some(Sender sender) throws InterruptedException {
            int burst = random.nextInt(30);
            for (int i = 0; i < burst; i++) {
                switch (random.nextInt(4)) {
                    case 0 -> {
                        Stamp stamp = invoke();
                        end(stamp, sender.trySend(stamp.message(length())) == SendResult.SENT);
                    }
                    case 1 -> batch(sender);
                    case 2 -> claim(sender);
                    default -> send(sender);
                }
            }
            LockSupport.parkNanos(random.nextInt(400_000));
        }

        private void send(Sender sender) throws InterruptedException {
            Stamp stamp = invoke();
            boolean sent = false;
            try {
                sender.send(stamp.message(length()), CALL);
                sent = true;
            } catch (IpcTimeoutException full) {
                // To be tried again.
            }
            end(stamp, sent);
        }

        private void batch(Sender sender) {
            ByteBuffer[] messages = new ByteBuffer[1 + random.nextInt(5)];
            for (int i = 0; i < messages.length; i++) {
                Stamp stamp = new Stamp(source, next[0] + i);
                log.invoked(stamp);
                messages[i] = stamp.message(length());
            }
            long first = next[0];
            int sent = sender.trySend(messages, 0, messages.length);
            for (int i = 0; i < messages.length; i++) {
                end(new Stamp(source, first + i), i < sent);
            }
        }

        private void claim(Sender sender) {
            Stamp stamp = invoke();
            int length = length();
            Claim claim = sender.tryClaim(length);
            boolean commits = claim != null && random.nextInt(4) > 0;
            if (claim != null) {
                claim.buffer().put(stamp.message(length));
                if (commits) {
                    claim.commit();
                } else {
                    claim.abort();
                }
            }
            end(stamp, commits);
        }
    }

    private static void receive(PeerContext context, String address, HistoryLog log, Random random) throws Exception {
        try (Receiver receiver = Ipc.receiver(address)) {
            log.opened();
            context.say("open");
            boolean draining = false;
            while (true) {
                draining = draining || context.hear(Duration.ZERO) != null;
                int count = receiver.poll(log::received, 1 + random.nextInt(64));
                if (count < 0) {
                    throw new AssertionError("the channel has ended, although it waits for replacements");
                }
                // What dead receivers have in hand is found after a while only.
                if (count == 0 && draining && receiver.status().depthMessages() <= 0) {
                    return;
                }
                if (count == 0 && !takes(receiver, log, random)) {
                    LockSupport.parkNanos(random.nextInt((int) TimeUnit.MILLISECONDS.toNanos(1)));
                }
            }
        }
    }

    /** Sometimes waits for a message: true if it has. */
    private static boolean takes(Receiver receiver, HistoryLog log, Random random) throws InterruptedException {
        if (random.nextInt(3) > 0) {
            return false;
        }
        log.taking();
        Received received = receiver.receive(Duration.ofMillis(1 + random.nextInt(50)));
        if (received.isMessage()) {
            log.received(received.message().payload());
        } else {
            log.tookNothing();
        }
        return true;
    }
}
