package org.jvmipc.shm;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;
import org.jvmipc.testkit.history.HistoryLog;
import org.jvmipc.testkit.history.LoggedReceiving;
import org.jvmipc.testkit.history.LoggedSending;

/**
 * One who is killed and stopped at any time: waits for a line that says what to do, then sends or receives in all ways,
 * and logs it, until another line comes.
 */
final class CrashPeer implements Peer {
    private static final int BURST = 30;
    private static final int LONGEST_PAUSE_NANOS = 400_000;

    @Override
    public void run(PeerContext context) throws Exception {
        context.say("ready");
        String[] words = context.hear().split(" ");
        Random random = new Random(Long.parseLong(words[3]));
        try (HistoryLog log = HistoryLog.create(Path.of(words[2]))) {
            if (words[0].equals("send")) {
                send(context, words[1], log, Integer.parseInt(words[4]), random);
            } else {
                receive(context, words[1], log, random);
            }
            log.ended();
        }
        context.say("closed");
    }

    private static void send(PeerContext context, String address, HistoryLog log, int source, Random random)
            throws Exception {
        LoggedSending sending = new LoggedSending(log, source, random);
        try (Sender sender = Ipc.sender(address)) {
            log.opened();
            context.say("open");
            while (context.hear(Duration.ZERO) == null) {
                sending.some(sender, BURST);
                LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE_NANOS));
            }
        }
    }

    private static void receive(PeerContext context, String address, HistoryLog log, Random random) throws Exception {
        LoggedReceiving receiving = new LoggedReceiving(log, random, false);
        try (Receiver receiver = Ipc.receiver(address)) {
            log.opened();
            context.say("open");
            boolean draining = false;
            do {
                draining = draining || context.hear(Duration.ZERO) != null;
            } while (!receiving.some(receiver, draining));
        }
    }
}
