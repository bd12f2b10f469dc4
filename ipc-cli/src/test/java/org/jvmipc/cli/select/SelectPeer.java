package org.jvmipc.cli.select;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Select;
import org.jvmipc.SelectCase;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/**
 * The process that selects: its arguments are what it does, the address of the channel that leads back, and the
 * addresses of those that it waits for. A message is a number, the lowest bits of which count the messages of its
 * channel.
 */
final class SelectPeer implements Peer {
    /** The sender waits for an answer, the number of the channel. */
    static final int ECHO = 1 << 30;
    /** Nothing follows on this channel. */
    static final int LAST = 1 << 29;
    static final int COUNT = LAST - 1;
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int ANSWERED = -1;
    private static final int TICK = -2;
    private static final int NOTHING = -3;

    @Override
    public void run(PeerContext context) throws Exception {
        List<Receiver> receivers = new ArrayList<>();
        try (Sender back = Ipc.sender(context.arg(1)); Select<Integer> select = Select.fair()) {
            for (String address : context.args().subList(2, context.args().size())) {
                receivers.add(Ipc.receiver(address));
            }
            if ("count".equals(context.arg(0))) {
                count(context, select, receivers, back);
            } else {
                idle(context, select, receivers);
            }
            context.hear();
        } finally {
            receivers.forEach(Receiver::close);
        }
    }

    private static void count(PeerContext context, Select<Integer> select, List<Receiver> receivers, Sender back)
            throws InterruptedException {
        List<SelectCase<Received>> cases = new ArrayList<>();
        for (int i = 0; i < receivers.size(); i++) {
            cases.add(select.receive(i, receivers.get(i)));
        }
        SelectCase<Long> ticks = select.every(TICK, Duration.ofMillis(50));
        int[] seen = new int[receivers.size()];
        int open = seen.length;
        int unanswered = 0;
        long ticked = 0;
        context.say("ready");
        while (open + unanswered > 0) {
            int channel = select.await(LONG, NOTHING);
            if (channel == NOTHING) {
                throw new AssertionError("nothing for " + LONG);
            }
            if (channel == TICK) {
                ticked += ticks.value();
                continue;
            }
            if (channel == ANSWERED) {
                unanswered--;
                continue;
            }
            int word = cases.get(channel).value().message().payload().getInt(0);
            if ((word & COUNT) != seen[channel]) {
                throw new AssertionError("channel " + channel + ": " + seen[channel] + " was due, and "
                        + (word & COUNT) + " came");
            }
            seen[channel]++;
            if ((word & ECHO) != 0) {
                unanswered++;
                select.send(ANSWERED, back, ByteBuffer.allocate(4).putInt(0, channel));
            }
            if ((word & LAST) != 0) {
                cases.get(channel).close();
                open--;
            }
        }
        long total = 0;
        for (int count : seen) {
            total += count;
        }
        context.say("counted " + total + " ticked " + (ticked > 0));
    }

    private static void idle(PeerContext context, Select<Integer> select, List<Receiver> receivers)
            throws InterruptedException {
        for (int i = 0; i < receivers.size(); i++) {
            select.receive(i, receivers.get(i));
        }
        select.after(TICK, Duration.ofHours(1));
        // A message that is there before it first sleeps would come without any thread for it. The first look at all
        // channels loads what they need, and may take as long as it waits.
        if (select.await(Duration.ZERO, NOTHING) != NOTHING
                || select.await(Duration.ofMillis(250), NOTHING) != NOTHING) {
            throw new AssertionError("nobody has sent yet");
        }
        context.say("waiting");
        int channel = select.await();
        Set<String> threads = new TreeSet<>();
        Thread.getAllStackTraces().keySet().forEach(thread -> threads.add(thread.getName()));
        threads.removeIf(name -> !name.startsWith("ipc-") && !name.startsWith("CompletableFuture"));
        context.say("woke " + channel + " " + threads);
    }
}
