package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who leaves a segment, and who waits for that. */
@Timeout(30)
class UsageTest {
    private final AtomicInteger leaves = new AtomicInteger();
    private volatile Thread closer;
    private volatile boolean hurried;

    @Test
    void closingWaitsForTheThreadThatLeaves() throws Exception {
        Usage[] usage = new Usage[1];
        usage[0] = new Usage(() -> {
            closer = new Thread(() -> usage[0].close(false));
            closer.start();
            try {
                // Much longer than who closes needs to see that nobody is in a call.
                closer.join(50);
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
            hurried = !closer.isAlive();
            leaves.incrementAndGet();
        });
        assertTrue(usage[0].enter());
        usage[0].exit();
        usage[0].close(false);
        assertFalse(hurried, "closing returned while the segment was being left");
        closer.join();
        usage[0].close(false);
        assertFalse(usage[0].enter());
        assertEquals(1, leaves.get());
    }

    @Test
    void closingLeavesTheSegmentToAThreadThatStaysInACall() throws Exception {
        Usage usage = new Usage(leaves::incrementAndGet);
        usage.enter();
        closer = new Thread(() -> usage.close(false));
        closer.start();
        closer.join();
        assertEquals(0, leaves.get());
        usage.exit();
        assertEquals(1, leaves.get());
    }

    /** On a loaded machine the first pause may be longer than all the time that closing has. */
    @Test
    void closingLeavesTheSegmentThoughItsTimeIsOver() throws Exception {
        Usage usage = new Usage(leaves::incrementAndGet, Usage.STORES_SEEN_NANOS);
        Thread user = new Thread(() -> {
            usage.enter();
            usage.exit();
        });
        user.start();
        user.join();
        usage.close(false);
        assertEquals(1, leaves.get());
    }
}
