package org.jvmipc.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Containers that share a directory on a volume, and have each a {@code /dev/shm} and PID namespace of their own. */
@ContainerTest
final class VolumeTest {

    private static JvmContainer on(String volume, String home) {
        ContainerSpec spec = new ContainerSpec().volume(volume, "/data");
        JvmContainer container = (home == null ? spec : spec.environment("IPC_HOME", home)).start();
        container.expect("ready");
        return container;
    }

    /** The life signs of each are out of the other's sight here, so nobody can be known to be dead; and nobody is. */
    @Test
    void shouldTalkOverAVolumeAndTakeNobodyForDead() {
        try (Volumes volumes = new Volumes(); JvmContainer one = on(volumes.onDisk(), null);
                JvmContainer two = on(volumes.last(), null)) {
            for (String address : new String[] {"fifo:/data/fifo", "unix:/data/stream", "unix:/data/seq?type=seqpacket",
                "unix:/data/dgram?type=dgram", "queue:/data/queue?start=start", "shm:ring?backing=file&dir=/data",
                "shm:many?backing=file&dir=/data&ring=mpmc"}) {
                shouldTransport(one, two, address);
            }
            shouldWaitForWhoIsInsideAMessage(one, two);
            shouldExclude(one, two);
            assertEquals("ok open", one.ask("sender s shm:mine"));
            String alone = two.ask("receiver r shm:mine?open=attach");
            assertTrue(alone.startsWith("failed ChannelNotFoundException"), alone);
        }
    }

    private static void shouldTransport(JvmContainer one, JvmContainer two, String address) {
        assertEquals("ok open", two.ask("receiver r " + address));
        assertEquals("ok open", one.ask("sender s " + address));
        one.send("send s 0 500");
        assertEquals("ok received 500", two.ask("receive r 0 500"), address);
        assertEquals("ok sent 500", one.expect(""), address);
        assertEquals("ok TIMED_OUT", two.ask("next r 1200"), "it is not taken for dead: " + address);
        assertEquals("ok sent 1", one.ask("send s 7 1"), "nor is the receiver: " + address);
        assertEquals("ok message 7", two.ask("next r 5000"), address);
        assertEquals("ok closed", one.ask("close s"));
        boolean ends = !address.startsWith("queue:") && !address.contains("dgram");
        assertEquals(ends ? "ok END" : "ok TIMED_OUT", two.ask("next r " + (ends ? 10_000 : 500)), address);
        assertEquals("ok closed", two.ask("close r"));
    }

    private static void shouldWaitForWhoIsInsideAMessage(JvmContainer one, JvmContainer two) {
        assertEquals("ok open", one.ask("sender q queue:/data/inside"));
        assertEquals("ok open", two.ask("sender q queue:/data/inside"));
        assertEquals("ok open", two.ask("receiver q queue:/data/inside"));
        assertEquals("ok claimed", one.ask("claim q"));
        two.send("send q 1 1");
        assertEquals("ok open", one.ask("sender other queue:/data/inside"));
        assertEquals("ok committed", one.ask("commit q 0"));
        assertEquals("ok sent 1", two.expect(""));
        assertEquals("ok received 2", two.ask("receive q 0 2"), "the first one was waited for");
    }

    private static void shouldExclude(JvmContainer one, JvmContainer two) {
        assertEquals("ok open", one.ask("lock-file orders /data/orders"));
        assertEquals("ok open", two.ask("lock-file orders /data/orders"));
        assertEquals("ok acquired", one.ask("acquire orders 1000"));
        String refused = two.ask("acquire orders 1200");
        assertTrue(refused.startsWith("failed IpcTimeoutException"), refused);
        assertEquals("ok released", one.ask("release orders"));
        assertEquals("ok acquired", two.ask("acquire orders 5000"));
        assertEquals("ok released", two.ask("release orders"));
    }

    /** With the life signs on the volume, too, deaths are seen as well. */
    @Test
    void shouldNoticeDeathsIfTheLifeSignsAreOnTheVolume() {
        try (Volumes volumes = new Volumes(); JvmContainer one = on(volumes.onDisk(), "/data/home");
                JvmContainer two = on(volumes.last(), "/data/home")) {
            assertEquals("ok open", one.ask("receiver r queue:/data/queue"));
            assertEquals("ok open", one.ask("sender s queue:/data/queue"));
            assertEquals("ok open", two.ask("sender s queue:/data/queue"));
            assertEquals("ok open", one.ask("receiver ring shm:ring?backing=file&dir=/data"));
            assertEquals("ok open", two.ask("sender ring shm:ring?backing=file&dir=/data"));
            assertEquals("ok open", one.ask("receiver unix unix:/data/socket"));
            assertEquals("ok open", two.ask("sender unix unix:/data/socket"));
            assertEquals("ok sent 3", two.ask("send s 0 3"));
            assertEquals("ok sent 3", two.ask("send ring 0 3"));
            assertEquals("ok sent 3", two.ask("send unix 0 3"));
            assertEquals("ok claimed", two.ask("claim s"));
            two.kill();
            long killed = System.nanoTime();
            assertEquals("ok sent 1", one.ask("send s 3 1"));
            long delay = Duration.ofNanos(System.nanoTime() - killed).toMillis();
            assertTrue(delay <= 2000, "the next message to the queue took " + delay + " ms");
            assertEquals("ok received 4", one.ask("receive r 0 4"), "all that was acknowledged");
            assertEquals("ok received 3", one.ask("receive ring 0 3"));
            assertEquals("ok END", one.ask("next ring 5000"));
            assertEquals("ok received 3", one.ask("receive unix 0 3"));
            assertEquals("ok END", one.ask("next unix 5000"));
        }
    }
}
