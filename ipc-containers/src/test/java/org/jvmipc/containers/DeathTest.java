package org.jvmipc.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Containers that share memory and a volume but no PID namespace are killed, paused, stopped and told to end. Each JVM
 * is process 1 to itself and out of sight of the others, who know of its death all the same.
 */
@ContainerTest
final class DeathTest {

    private static Volumes volumes;
    private static String memory;
    private static String disk;
    private static JvmContainer survivor;

    @BeforeAll
    static void startTheSurvivor() {
        volumes = new Volumes();
        memory = volumes.inMemory(64);
        disk = volumes.onDisk();
        survivor = another();
    }

    @AfterAll
    static void endTheSurvivor() {
        try {
            assertEquals("ok closed", survivor.ask("close-sync"));
            assertEquals("ok []", survivor.ask("list /dev/shm"), "nothing is left of the dead");
        } finally {
            survivor.close();
            volumes.close();
        }
    }

    private static JvmContainer another() {
        JvmContainer container = new ContainerSpec().volume(memory, "/dev/shm").volume(disk, "/data").start();
        container.expect("ready");
        return container;
    }

    /** One death, seen by all that may see it. */
    @Test
    void shouldNoticeThatAContainerWasKilled() {
        try (JvmContainer victim = another()) {
            for (String way : new String[] {"spsc shm:k-spsc", "mpmc shm:k-mpmc?ring=mpmc",
                "broadcast shm:k-broadcast?ring=broadcast", "unix unix:/data/k-unix", "fifo fifo:/data/k-fifo"}) {
                assertEquals("ok open", survivor.ask("receiver " + way));
                assertEquals("ok open", victim.ask("sender " + way));
                assertEquals("ok sent 5", victim.ask("send " + way.split(" ")[0] + " 0 5"));
            }
            assertEquals("ok claimed", victim.ask("claim spsc"));
            assertEquals("ok open", victim.ask("receiver full shm:k-full?capacity=4k"));
            assertEquals("ok open", survivor.ask("sender full shm:k-full?capacity=4k"));
            assertEquals("ok open", victim.ask("sender queue queue:/data/k-queue"));
            assertEquals("ok open", survivor.ask("sender queue queue:/data/k-queue"));
            assertEquals("ok open", survivor.ask("receiver queue queue:/data/k-queue"));
            assertEquals("ok claimed", victim.ask("claim queue"));
            for (String command : new String[] {"lock k-lock", "semaphore k-permits 3", "barrier k-barrier 2"}) {
                assertEquals("ok open", survivor.ask(command));
                assertEquals("ok open", victim.ask(command));
            }
            assertEquals("ok acquired", victim.ask("acquire k-lock 1000"));
            assertEquals("ok true", victim.ask("take k-permits 1000"));
            assertEquals("ok true", victim.ask("take k-permits 1000"));
            String held = survivor.ask("acquire k-lock 700");
            assertTrue(held.startsWith("failed IpcTimeoutException") && held.contains("1"), held);
            assertEquals("ok 0", survivor.ask("abandoned k-permits"), "their holder lives");

            survivor.send("acquire k-lock 20000");
            victim.kill();
            long killed = System.nanoTime();
            assertEquals("ok after a death", survivor.expect(""));
            shouldBeSoon("the lock", killed);
            long late = System.nanoTime();
            assertEquals("ok sent 1", survivor.ask("send queue 0 1"));
            shouldBeSoon("the queue", late);
            assertEquals("ok received 1", survivor.ask("receive queue 0 1"), "what was unfinished never was");
            for (String name : new String[] {"spsc", "mpmc", "broadcast", "unix", "fifo"}) {
                assertEquals("ok received 5", survivor.ask("receive " + name + " 0 5"), name);
                assertEquals("ok END", survivor.ask("next " + name + " 5000"), name);
            }
            String refused = survivor.ask("send full 0 2000");
            assertTrue(refused.startsWith("failed PeerDiedException"), refused);
            assertEquals("ok released", survivor.ask("release k-lock"));
            assertEquals("ok 2", survivor.ask("abandoned k-permits"));
            String broken = survivor.ask("meet k-barrier");
            assertTrue(broken.startsWith("failed BrokenBarrierException"), broken);
        }
        for (String name : new String[] {"spsc", "mpmc", "broadcast", "unix", "fifo", "full", "queue"}) {
            assertEquals("ok closed", survivor.ask("close " + name));
        }
    }

    private static void shouldBeSoon(String what, long since) {
        Duration delay = Duration.ofNanos(System.nanoTime() - since);
        assertTrue(delay.toMillis() <= 2000, what + " was free after " + delay.toMillis() + " ms");
    }

    /** The freezer of a control group, SIGSTOP, and {@code docker stop}, which is SIGTERM. */
    @Test
    void shouldWaitForWhoStandsStillAndTellWhoLeaves() {
        try (JvmContainer other = another()) {
            String ring = "s-ring shm:s-ring?capacity=4k";
            assertEquals("ok open", survivor.ask("receiver " + ring));
            assertEquals("ok open", other.ask("sender " + ring));
            assertEquals("ok open", survivor.ask("lock s-lock"));
            assertEquals("ok open", other.ask("lock s-lock"));
            assertEquals("ok acquired", other.ask("acquire s-lock 1000"));
            other.pause(true);
            shouldTakeNothing();
            other.pause(false);
            other.signal("STOP");
            other.send("send s-ring 0 3");
            shouldTakeNothing();
            other.signal("CONT");
            assertEquals("ok sent 3", other.expect(""));
            assertEquals("ok received 3", survivor.ask("receive s-ring 0 3"));
            assertEquals("ok released", other.ask("release s-lock"));
            assertEquals("ok acquired", survivor.ask("acquire s-lock 5000"));
            assertEquals("ok released", survivor.ask("release s-lock"));
            assertEquals("ok sent 1", other.ask("send s-ring 3 1"));
            assertEquals(143, other.stop());
            assertEquals("ok received 1", survivor.ask("receive s-ring 3 1"));
            assertEquals("ok END", survivor.ask("next s-ring 5000"));
        }
        assertEquals("ok closed", survivor.ask("close s-ring"));
    }

    private static void shouldTakeNothing() {
        assertEquals("ok TIMED_OUT", survivor.ask("next s-ring 700"), "it stands still, and is not dead");
        String held = survivor.ask("acquire s-lock 700");
        assertTrue(held.startsWith("failed IpcTimeoutException"), held);
    }
}
