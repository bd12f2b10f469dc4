package org.jvmipc.shm.sync;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.jvmipc.shm.LincheckEffort;

/**
 * A semaphore behaves as a number that changes in one step, however the accesses of its users are interleaved. Lincheck
 * cannot look into mapped memory, so it is told to switch between threads at each access to it; it assumes that memory
 * is sequentially consistent.
 */
@Param(name = "count", gen = IntGen.class, conf = "1:3")
public class SemaphoreLincheckTest {
    private static final int INITIAL = 3;
    private static final String NAME = "lincheck-semaphore-" + ProcessHandle.current().pid();
    private static final SharedSemaphore SEMAPHORE = SharedSemaphore.named(NAME, INITIAL);

    /** Not static, so that Lincheck finds all that can be reached from it. */
    private final SharedSemaphore semaphore = SEMAPHORE;

    /** The number that it should be. */
    public static class Specification {
        private int permits = INITIAL;

        public boolean tryAcquire(int count) {
            boolean enough = permits >= count;
            permits -= enough ? count : 0;
            return enough;
        }

        public void release(int count) {
            permits += count;
        }

        public void reducePermits(int count) {
            permits -= count;
        }

        public int drainPermits() {
            int drained = permits;
            permits = 0;
            return drained;
        }

        public int availablePermits() {
            return permits;
        }
    }

    public SemaphoreLincheckTest() {
        semaphore.drainPermits();
        semaphore.release(INITIAL);
    }

    @AfterAll
    static void close() {
        SEMAPHORE.close();
    }

    @Operation
    public boolean tryAcquire(@Param(name = "count") int count) {
        return semaphore.tryAcquire(count);
    }

    @Operation
    public void release(@Param(name = "count") int count) {
        semaphore.release(count);
    }

    @Operation
    public void reducePermits(@Param(name = "count") int count) {
        semaphore.reducePermits(count);
    }

    @Operation
    public int drainPermits() {
        return semaphore.drainPermits();
    }

    @Operation
    public int availablePermits() {
        return semaphore.availablePermits();
    }

    @Test
    void shouldBeANumberInEachInterleaving() {
        new ModelCheckingOptions()
                .addGuarantee(forClasses(SyncMemory.class.getName()).allMethods().treatAsAtomic())
                .sequentialSpecification(Specification.class)
                .iterations(LincheckEffort.iterations(8))
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(1)
                .invocationsPerIteration(300)
                .check(SemaphoreLincheckTest.class);
    }
}
