package org.jvmipc.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Await;

@Timeout(30)
class ChannelMetricsTest {
    private static final Duration NEVER = Duration.ofHours(1);

    private final MeterRegistry registry = new SimpleMeterRegistry();

    private double counter(String name, String address, String end) {
        return registry.get(name).tags("address", address, "end", end).functionCounter().count();
    }

    @Test
    void countsWhatGoesThroughAChannelUntilItsLastEndIsClosed() throws Exception {
        Sender sender = Ipc.sender("mem:metered?capacity=3&overflow=dropNewest");
        Receiver receiver = Ipc.receiver("mem:metered");
        try (ChannelMetrics metrics = new ChannelMetrics(NEVER)) {
            metrics.bindTo(registry);
            for (int i = 0; i < 5; i++) {
                sender.send(ByteBuffer.allocate(40));
            }
            int taken = receiver.poll(message -> { }, 10);
            receiver.receive(Duration.ofMillis(2));
            metrics.refresh();
            assertEquals(3, taken);
            assertEquals(taken, counter("jvmipc.messages", "mem:metered", "sender"));
            assertEquals(40 * taken, counter("jvmipc.bytes", "mem:metered", "sender"));
            assertEquals(5 - taken, counter("jvmipc.dropped", "mem:metered", "sender"));
            assertEquals(taken, counter("jvmipc.messages", "mem:metered", "receiver"));
            assertEquals(1, counter("jvmipc.waits", "mem:metered", "receiver"));
            assertTrue(counter("jvmipc.wakeups", "mem:metered", "receiver") >= 1);
            assertEquals(0, counter("jvmipc.failures", "mem:metered", "sender"));
            assertEquals(1, registry.get("jvmipc.ends").tags("end", "receiver").gauge().value());
            assertEquals(0, registry.get("jvmipc.waiting").tags("end", "receiver").gauge().value());
            sender.close();
            receiver.close();
            metrics.refresh();
            assertNull(registry.find("jvmipc.messages").meter());
        }
    }

    @Test
    void keepsWhatClosedEndsOfAnAddressHaveCounted() throws Exception {
        Sender first = Ipc.sender("mem:again");
        try (ChannelMetrics metrics = new ChannelMetrics(Duration.ofMillis(1))) {
            metrics.bindTo(registry);
            first.send(ByteBuffer.allocate(8));
            Await.until(Duration.ofSeconds(10), "a look by the thread",
                    () -> counter("jvmipc.messages", "mem:again", "sender") == 1);
            try (Sender second = Ipc.sender("mem:again")) {
                second.send(ByteBuffer.allocate(8));
                metrics.refresh();
                assertEquals(2, counter("jvmipc.messages", "mem:again", "sender"));
                first.close();
                metrics.refresh();
                assertEquals(2, counter("jvmipc.messages", "mem:again", "sender"));
            }
        }
        assertNull(registry.find("jvmipc.ends").meter(), "closing removes all");
    }

    @Test
    void tellsEndsApartThatWereOpenedAtTheSameTime() throws Exception {
        List<Sender> senders = new ArrayList<>();
        try (ChannelMetrics metrics = new ChannelMetrics(NEVER)) {
            metrics.bindTo(registry);
            for (int i = 0; i < 200; i++) {
                senders.add(Ipc.sender("mem:alike?capacity=1000"));
                senders.get(i).send(ByteBuffer.allocate(1));
            }
            metrics.refresh();
            assertEquals(200, registry.get("jvmipc.ends").tags("address", "mem:alike").gauge().value());
            assertEquals(200, counter("jvmipc.messages", "mem:alike", "sender"));
        } finally {
            senders.forEach(Sender::close);
        }
    }

    @Test
    void refusesToLookAllTheTime() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> new ChannelMetrics(Duration.ZERO));
        String told = refused.getMessage();
        assertTrue(told.contains("PT0S") && told.contains("1 ms"), told);
    }
}
