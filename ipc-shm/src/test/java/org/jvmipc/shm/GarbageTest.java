package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Ipc;
import org.jvmipc.PeerEvent;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** R61: a process whose collector has all hands full is slow, and not dead. */
@IpcDir
class GarbageTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final long GARBAGE = 1L << 30;

    @IpcDir
    private IpcScope scope;

    /** Sends a message every 10 ms while another thread makes garbage, until it has made as much as it was told. */
    static final class Polluter implements Peer {
        private final AtomicLong made = new AtomicLong();
        private volatile byte[][] kept = new byte[64][];

        @Override
        public void run(PeerContext context) throws Exception {
            long wanted = Long.parseLong(context.arg(1));
            try (Sender sender = Ipc.sender(context.arg(0))) {
                Thread polluting = new Thread(() -> {
                    for (int i = 0; made.get() < wanted; i++) {
                        kept[i % kept.length] = new byte[100_000 + i % 1000];
                        made.addAndGet(kept[i % kept.length].length);
                    }
                });
                long start = System.nanoTime();
                polluting.start();
                int number = 0;
                while (polluting.isAlive()) {
                    sender.send(ByteBuffer.allocate(12).putInt(number++).putLong(System.nanoTime()).flip());
                    LockSupport.parkNanos(10_000_000);
                }
                long millis = (System.nanoTime() - start) / 1_000_000;
                context.say("sent " + number + " while it made " + (made.get() >> 20) + " MiB in " + millis + " ms");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseG1GC", "-XX:+UseZGC"})
    @Timeout(60)
    void shouldNotBeTakenForDead(String collector) throws Exception {
        String address = scope.address("shm", "garbage") + "?wait=adaptive";
        List<PeerEvent.Kind> events = new CopyOnWriteArrayList<>();
        long[] worst = {0};
        try (Receiver receiver = Ipc.receiver(address);
                ChildJvm child = ChildJvm.of(Polluter.class).args(address, GARBAGE).jvmArgs(collector).start()) {
            receiver.onPeer(event -> events.add(event.kind()));
            int next = 0;
            Received received = receiver.receive(LONG);
            for (; received.isMessage(); received = receiver.receive(LONG)) {
                ByteBuffer message = received.message().payload();
                assertEquals(next++, message.getInt(0));
                worst[0] = Math.max(worst[0], System.nanoTime() - message.getLong(4));
            }
            assertEquals(Received.END, received);
            String said = child.expect("sent ");
            assertTrue(said.startsWith("sent " + next + " while") && next > 2, said + ", received " + next);
            assertEquals(0, child.awaitExit());
            Await.until(LONG, () -> "its coming and leaving, not " + events, () -> events.size() >= 2);
            assertEquals(List.of(PeerEvent.Kind.JOINED, PeerEvent.Kind.LEFT), events);
            System.out.println(collector + ": " + said + ", the slowest message took " + worst[0] / 1000 + " µs");
        }
    }
}
