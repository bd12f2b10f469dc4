package org.jvmipc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.jvmipc.benchmarks.LockVersusPthread.Result;

/** Whether what is measured is what is meant; not how fast it is. */
class LockVersusPthreadTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    void bothSidesCountAllSections() throws Exception {
        Assumptions.assumeTrue(CPrograms.isAvailable(), "there is no gcc");
        LockOptions options = LockOptions.parse("--sections", "5000", "--warmup", "1");
        try (CPrograms programs = CPrograms.create()) {
            for (LockVersusPthread.Work work : LockVersusPthread.Work.values()) {
                Result result = new LockVersusPthread(options, programs).measure(work);
                assertTrue(result.java() > 0 && result.c() > 0 && result.robust() > 0, result::toString);
                assertTrue(result.floorBefore() > 0 && result.floorAfter() > 0, result::toString);
                if (work == LockVersusPthread.Work.HANDOVER) {
                    assertEquals(0.5, result.javaShare());
                    assertEquals(0.5, result.cShare());
                }
            }
        }
    }

    @Test
    void aPairDoesNotCountIfTheFloorMoved() {
        assertTrue(new Result(1, 0.5, 1, 0.5, 1, 100, 119).isSteady());
        assertFalse(new Result(1, 0.5, 1, 0.5, 1, 100, 121).isSteady());
        assertFalse(new Result(1, 0.5, 1, 0.5, 1, 400, 100).isSteady());
    }

    @Test
    void badOptionsAreNamed() {
        assertEquals("--pairs is \"0\", a number from 1 to 1000 is needed",
                assertThrows(IllegalArgumentException.class, () -> LockOptions.parse("--pairs", "0")).getMessage());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> LockOptions.parse("--bogus", "1")).getMessage()
                .contains("--bogus"));
        assertThrows(IllegalArgumentException.class, () -> LockOptions.parse("--sections"));
        assertThrows(IllegalArgumentException.class, () -> LockOptions.parse("--cpus", "0,0"));
    }
}
