package org.jvmipc.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to give containers one {@code /dev/shm}; in each of them every JVM is process 1 of its own PID namespace. */
@ContainerTest
final class SharedMemoryTest {

    @ParameterizedTest
    @ValueSource(strings = {"IPC namespace", "volume"})
    void shouldTalkOverOneDevShm(String way) {
        boolean namespace = way.equals("IPC namespace");
        try (Volumes volumes = new Volumes();
                JvmContainer one = shared(namespace ? null : volumes.inMemory(64), "shareable");
                JvmContainer two = shared(volumes.last(), namespace ? "container:" + one.id() : "private")) {
            shouldBeStrangers(one, two);
            for (String ring : new String[] {"spsc", "mpsc", "mpmc", "broadcast"}) {
                shouldTransport(one, two, "shm:" + ring + "?ring=" + ring);
            }
            shouldConnect(one, two);
            shouldExclude(one, two);
            if (namespace) {
                shouldTransport(one, two, "posixmq:numbers?maxMessages=10&messageSize=64");
                shouldTransport(one, two, "sysvmq:4711");
            }
            assertEquals("ok []", one.ask("list /dev/shm"), "nothing is left");
        }
    }

    private static JvmContainer shared(String volume, String ipc) {
        ContainerSpec spec = new ContainerSpec().ipc(volume == null ? ipc : "private");
        JvmContainer container = (volume == null ? spec : spec.volume(volume, "/dev/shm")).start();
        container.expect("ready");
        return container;
    }

    private static void shouldBeStrangers(JvmContainer one, JvmContainer two) {
        String here = one.ask("who");
        String there = two.ask("who");
        assertTrue(here.startsWith("ok pid=1 "), here);
        assertTrue(there.startsWith("ok pid=1 "), there);
        assertNotEquals(here, there, "PID namespaces");
        assertEquals("ok false", one.ask("exists 4711"));
        for (String command : new String[] {"kill 4711 HUP", "watch 4711", "sender s signal:4711?signal=RTMIN+1"}) {
            String refused = one.ask(command);
            assertTrue(refused.startsWith("failed ") && refused.contains("another PID namespace"), refused);
        }
    }

    private static void shouldTransport(JvmContainer one, JvmContainer two, String address) {
        assertEquals("ok open", two.ask("receiver r " + address));
        assertEquals("ok open", one.ask("sender s " + address));
        one.send("send s 0 2000");
        assertEquals("ok received 2000", two.ask("receive r 0 2000"), address);
        assertEquals("ok sent 2000", one.expect(""));
        assertEquals("ok TIMED_OUT", two.ask("next r 700"), "the other one is there and says nothing: " + address);
        assertEquals("ok closed", one.ask("close s"));
        boolean ends = address.startsWith("shm:");
        assertEquals(ends ? "ok END" : "ok TIMED_OUT", two.ask("next r " + (ends ? 10_000 : 500)), address);
        assertEquals("ok closed", two.ask("close r"));
    }

    private static void shouldConnect(JvmContainer one, JvmContainer two) {
        assertEquals("ok open", one.ask("listen c shm:server"));
        one.send("accept c");
        assertEquals("ok connected", two.ask("connect c shm:server"));
        assertEquals("ok connected", one.expect(""));
        one.send("echo c c 500");
        two.send("send c 0 500");
        assertEquals("ok echoed 500", one.expect(""));
        assertEquals("ok sent 500", two.expect(""));
        assertEquals("ok received 500", two.ask("receive c 0 500"));
        assertEquals("ok closed", two.ask("close c"));
        assertEquals("ok closed", one.ask("close c"));
    }

    private static void shouldExclude(JvmContainer one, JvmContainer two) {
        assertEquals("ok open", one.ask("lock orders"));
        assertEquals("ok open", two.ask("lock orders"));
        assertEquals("ok acquired", one.ask("acquire orders 1000"));
        String refused = two.ask("acquire orders 500");
        assertTrue(refused.startsWith("failed IpcTimeoutException"), refused);
        two.send("acquire orders 20000");
        assertEquals("ok released", one.ask("release orders"));
        assertEquals("ok acquired", two.expect(""));
        assertEquals("ok released", two.ask("release orders"));
        assertEquals("ok closed", one.ask("close-sync"));
        assertEquals("ok closed", two.ask("close-sync"));
    }
}
