package org.jvmipc.signals.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.jvmipc.signals.NoSuchProcessException;
import org.jvmipc.signals.Signal;

/** A target where the kernel has no descriptors of processes. */
class TargetTest {
    @Test
    void shouldGoByTheStartTimeWithoutADescriptor() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        Target target = Target.byStartTime(process.pid());
        try {
            assertTrue(target.isAlive());
            target.send(Signal.TERM);
            assertTrue(process.waitFor(10, TimeUnit.SECONDS));
            assertEquals(128 + 15, process.exitValue());
            assertFalse(target.isAlive());
            assertThrows(NoSuchProcessException.class, () -> target.send(Signal.TERM));
            assertThrows(NoSuchProcessException.class, () -> target.tryQueue(Signal.realTime(1), 1));
            target.close();
            assertThrows(IllegalStateException.class, () -> target.send(Signal.TERM));
        } finally {
            process.destroyForcibly();
        }
        assertThrows(NoSuchProcessException.class, () -> Target.byStartTime(process.pid()));
    }
}
