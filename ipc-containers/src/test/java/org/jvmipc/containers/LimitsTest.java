package org.jvmipc.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What containers may be given too little of. */
@ContainerTest
final class LimitsTest {

    @Test
    void shouldSayThatTheUsualDevShmIsTooSmallAndThatTmpMustAllowToExecute() {
        try (JvmContainer container = new ContainerSpec().readOnlyRoot()
                .tmpfs("/tmp", "rw,noexec,mode=1777").start()) {
            container.expect("ready");
            assertEquals("ok open", container.ask("receiver r shm:small"));
            assertEquals("ok TIMED_OUT", container.ask("next r 100"), "it looks again and again");
            String refused = container.ask("sender s fifo:/dev/shm/small");
            assertTrue(refused.startsWith("failed UnsupportedOperationException") && refused.contains("java.io.tmpdir"),
                    refused);
        }
        try (JvmContainer container = new ContainerSpec().start()) {
            container.expect("ready");
            String ring = container.ask("sender s shm:big?capacity=128m");
            assertTrue(ring.startsWith("failed NoSpaceException") && ring.contains("/dev/shm"), ring);
            String segment = container.ask("segment s 96");
            assertTrue(segment.startsWith("failed NoSpaceException"), segment);
            assertEquals("ok []", container.ask("list /dev/shm"));
            assertEquals("ok open", container.ask("sender s shm:fits?capacity=32m"));
        }
    }

    @Test
    void shouldSurviveThatAPeerRunsOutOfTheMemoryOfItsContainer() {
        try (Volumes volumes = new Volumes();
                JvmContainer one = new ContainerSpec().volume(volumes.inMemory(512), "/dev/shm").start();
                JvmContainer small = new ContainerSpec().volume(volumes.last(), "/dev/shm").memoryMegabytes(192)
                        .start(ContainerSpec.Program.worker("-Xmx512m"))) {
            one.expect("ready");
            small.expect("ready");
            String segment = small.ask("segment s 256");
            assertTrue(segment.startsWith("failed NoSpaceException"), segment);
            assertEquals("ok open", one.ask("receiver r shm:ring"));
            assertEquals("ok open", small.ask("sender r shm:ring"));
            assertEquals("ok open", one.ask("lock l"));
            assertEquals("ok open", small.ask("lock l"));
            assertEquals("ok acquired", small.ask("acquire l 1000"));
            assertEquals("ok sent 3", small.ask("send r 0 3"));
            small.send("eat 400");
            assertEquals(137, small.awaitExit());
            assertEquals(Boolean.TRUE, small.state().getOOMKilled());
            assertEquals("ok received 3", one.ask("receive r 0 3"));
            assertEquals("ok END", one.ask("next r 5000"));
            assertEquals("ok after a death", one.ask("acquire l 5000"));
        }
    }

    @Test
    void shouldWorkForAnyUserWithoutAWritableRoot() {
        try (Volumes volumes = new Volumes(); JvmContainer one = restricted(volumes.inMemory(64), 1000);
                JvmContainer two = restricted(volumes.last(), 1000)) {
            assertTrue(one.ask("who").contains(" uid=1000 "));
            for (String address : new String[] {"shm:ring?ring=mpmc", "unix:/dev/shm/socket", "fifo:/dev/shm/fifo",
                "queue:/dev/shm/queue"}) {
                assertEquals("ok open", two.ask("receiver r " + address));
                assertEquals("ok open", one.ask("sender r " + address));
                assertEquals("ok sent 20", one.ask("send r 0 20"), address);
                assertEquals("ok received 20", two.ask("receive r 0 20"), address);
            }
            try (ExecJvm homeless = two.exec(ContainerSpec.Program.worker("-Dipc.home=/home"))) {
                homeless.expect("ready");
                String refused = homeless.ask("sender s shm:home");
                assertTrue(refused.startsWith("failed AccessRefusedException"), refused);
                assertTrue(refused.contains("IPC_HOME"), refused);
            }
            try (JvmContainer root = new ContainerSpec().volume(volumes.last(), "/dev/shm").start()) {
                root.expect("ready");
                String refused = root.ask("sender r unix:/dev/shm/socket");
                assertTrue(refused.startsWith("failed AccessRefusedException"), refused);
            }
        }
    }

    private static JvmContainer restricted(String memory, int user) {
        JvmContainer container = new ContainerSpec().volume(memory, "/dev/shm").readOnlyRoot().user(user)
                .tmpfs("/tmp", "rw,exec,mode=1777").start();
        container.expect("ready");
        return container;
    }

    /** With half a processor a JVM sees one, and what is waited for cannot happen while it spins. */
    @Test
    void shouldSleepAtOnceWithHalfAProcessor() {
        try (JvmContainer one = new ContainerSpec().ipc("shareable").milliCpus(500).start();
                JvmContainer two = new ContainerSpec().ipc("container:" + one.id()).milliCpus(500).start()) {
            one.expect("ready");
            two.expect("ready");
            assertTrue(one.ask("who").contains(" cpus=1 "));
            assertEquals("ok open", one.ask("receiver there shm:there"));
            assertEquals("ok open", two.ask("sender there shm:there"));
            assertEquals("ok open", two.ask("receiver back shm:back"));
            assertEquals("ok open", one.ask("sender back shm:back"));
            one.send("echo there back 2000");
            assertEquals("ok sent 2000", two.ask("send there 0 2000"));
            assertEquals("ok received 2000", two.ask("receive back 0 2000"));
            assertEquals("ok echoed 2000", one.expect(""));
            long before = cpuMillis(one);
            assertEquals("ok TIMED_OUT", one.ask("next there 1500"));
            long used = cpuMillis(one) - before;
            assertTrue(used < 100, "waiting for 1.5 s took " + used + " ms of CPU time");
        }
    }

    private static long cpuMillis(JvmContainer container) {
        return Long.parseLong(container.ask("cpu").substring("ok ".length()));
    }
}
