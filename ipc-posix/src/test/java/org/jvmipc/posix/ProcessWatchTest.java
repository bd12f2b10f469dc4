package org.jvmipc.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProcessWatchTest {
    @Test
    void shouldTellLifeAndDeath() throws Exception {
        Process cat = new ProcessBuilder("cat").start();
        ProcessIdentity who = ProcessIdentity.of(cat.pid()).orElseThrow();
        try (ProcessWatch watch = new ProcessWatch(who.pid(), who.startTime());
                ProcessWatch late = new ProcessWatch(who.pid(), who.startTime());
                ProcessWatch another = new ProcessWatch(who.pid(), who.startTime() + 1)) {
            assertEquals(Life.ALIVE, watch.look());
            assertEquals(Life.ALIVE, watch.look());
            assertEquals(Life.DEAD, another.look(), "its number belongs to a later one");
            cat.destroyForcibly();
            Await.until("the death to be seen", () -> watch.look() == Life.DEAD);
            cat.waitFor();
            Await.until("the process to be reaped", () -> late.look() == Life.DEAD);
            assertEquals(Life.DEAD, watch.look());
        }
    }

    /** One that was open from before the death sees a file that the kernel refuses to read. */
    @Test
    void shouldNoticeThatAnOpenFileIsOfNoUse() throws Exception {
        Process cat = new ProcessBuilder("cat").start();
        ProcessIdentity who = ProcessIdentity.of(cat.pid()).orElseThrow();
        try (ProcessWatch watch = new ProcessWatch(who.pid(), who.startTime())) {
            assertEquals(Life.ALIVE, watch.look());
            cat.getOutputStream().close();
            assertEquals(0, cat.waitFor());
            Await.until("the death to be seen", () -> watch.look() == Life.DEAD);
        }
    }

    @Test
    void shouldGoOnAfterClosingWithNothingKeptOpen() {
        ProcessIdentity self = ProcessIdentity.current();
        ProcessWatch watch = new ProcessWatch(self.pid(), self.startTime());
        watch.close();
        assertEquals(Life.ALIVE, watch.look());
        watch.close();
    }

    @Test
    void shouldNotAllocate() {
        ProcessIdentity self = ProcessIdentity.current();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long me = Thread.currentThread().getId();
        try (ProcessWatch watch = new ProcessWatch(self.pid(), self.startTime())) {
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 20; round++) {
                long before = threads.getThreadAllocatedBytes(me);
                for (int i = 0; i < 100; i++) {
                    assertEquals(Life.ALIVE, watch.look());
                }
                least = Math.min(least, threads.getThreadAllocatedBytes(me) - before);
            }
            assertEquals(0, least);
        }
    }
}
