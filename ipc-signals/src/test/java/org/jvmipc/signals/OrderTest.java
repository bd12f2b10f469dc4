package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/**
 * Two processes send as fast as they can to a third, whose queue is soon full: everything arrives, in the order of
 * each. {@code -Dipc.signals.count=} another number than 100,000.
 */
@IpcDir
class OrderTest {
    private static final int COUNT = Integer.getInteger("ipc.signals.count", 100_000);
    /** Less than is sent, so that senders have to wait. */
    private static final int LIMIT = 2000;

    /** Receives until it has all, and checks the order of each sender. */
    static final class Collector implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            int wanted = Integer.parseInt(context.arg(0));
            try (Receiver receiver = Ipc.receiver("signal:self?signal=RTMIN+6")) {
                context.say(receiver.address().toString());
                Map<Long, Integer> next = new TreeMap<>();
                for (int i = 0; i < wanted; i++) {
                    Received received = receiver.receive(Duration.ofSeconds(20));
                    if (!received.isMessage()) {
                        context.say("only " + i + " of " + wanted + ": " + next);
                        return;
                    }
                    long pid = received.message().sender().pid();
                    int number = received.message().payload().getInt();
                    int expected = next.getOrDefault(pid, 0);
                    if (number != expected) {
                        context.say("number " + number + " of " + pid + " instead of " + expected);
                        return;
                    }
                    next.put(pid, expected + 1);
                }
                boolean more = receiver.receive(Duration.ofMillis(50)).isMessage();
                context.say((more ? "more than " : "all ") + next);
            }
        }
    }

    /** Sends 0, 1, 2 ... */
    static final class Numbers implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            context.say("ready");
            context.hear();
            ByteBuffer message = ByteBuffer.allocateDirect(Integer.BYTES);
            try (Sender sender = Ipc.sender(context.arg(0))) {
                for (int i = 0; i < Integer.parseInt(context.arg(1)); i++) {
                    sender.send(message.clear().putInt(i).flip());
                }
            }
        }
    }

    @Test
    @Timeout(120)
    void shouldLoseNothingOfTwoSendersAndKeepTheOrderOfEach() throws Exception {
        int each = COUNT / 2;
        try (ChildJvm collector = ChildJvm.of(Collector.class).args(2 * each).blockSignals("RTMIN+6")
                .wrapper(Tools.pendingAtMost(LIMIT)).start()) {
            String address = collector.readLine();
            try (ChildJvm first = ChildJvm.of(Numbers.class).args(address, each).start();
                    ChildJvm second = ChildJvm.of(Numbers.class).args(address, each).start()) {
                first.expect("ready");
                second.expect("ready");
                first.send("go");
                second.send("go");
                Map<Long, Integer> all = new TreeMap<>(Map.of(first.pid(), each, second.pid(), each));
                assertEquals("all " + all, collector.readLine(Duration.ofSeconds(100)));
                assertEquals(0, first.awaitExit());
                assertEquals(0, second.awaitExit());
            }
        }
    }
}
