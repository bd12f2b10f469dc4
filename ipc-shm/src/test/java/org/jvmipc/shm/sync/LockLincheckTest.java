package org.jvmipc.shm.sync;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import java.util.List;
import java.util.concurrent.locks.Lock;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.jvmipc.shm.LincheckEffort;

/**
 * What is done under a read-write lock is done in one step, however the accesses of two participants are interleaved.
 * The model checker cannot let a thread sleep, so there they try until they succeed; under stress they sleep. Lincheck
 * cannot look into mapped memory, so it is told to switch between threads at each access to it; it assumes that memory
 * is sequentially consistent.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class LockLincheckTest {
    private static final String NAME = "lincheck-lock-" + ProcessHandle.current().pid();
    private static final List<SharedReadWriteLock> LOCKS =
            List.of(SharedReadWriteLock.named(NAME), SharedReadWriteLock.named(NAME));
    private static volatile boolean sleeps;

    /** Not static, so that Lincheck finds all that can be reached from it. */
    private final SharedReadWriteLock one = LOCKS.get(0);
    private final SharedReadWriteLock other = LOCKS.get(1);
    private int first;
    private int second;

    /** What it should be. */
    public static class Specification {
        private int number;

        public int increment(int thread) {
            return number++;
        }

        public int get(int thread) {
            return number;
        }
    }

    @AfterAll
    static void close() {
        LOCKS.forEach(SharedReadWriteLock::close);
    }

    private SharedReadWriteLock lock(int thread) {
        return (thread & 1) == 0 ? one : other;
    }

    private static void take(Lock lock) {
        if (sleeps) {
            lock.lock();
        } else {
            while (!lock.tryLock()) {
                Thread.onSpinWait();
            }
        }
    }

    /** One side takes it as if it were free, the other looks into its word first: two steps that can lose an update. */
    @Operation
    public int increment(@Param(name = "thread") int thread) {
        SharedReadWriteLock.WriteLock lock = lock(thread).writeLock();
        if (!sleeps && (thread & 1) != 0) {
            LockGuard guard = lock.tryAcquire();
            while (guard == null) {
                Thread.onSpinWait();
                guard = lock.tryAcquire();
            }
        } else {
            take(lock);
        }
        try {
            int before = first++;
            second++;
            return before;
        } finally {
            lock.unlock();
        }
    }

    @Operation
    public int get(@Param(name = "thread") int thread) {
        Lock lock = lock(thread).readLock();
        take(lock);
        try {
            return first == second ? first : -1;
        } finally {
            lock.unlock();
        }
    }

    @Test
    void shouldExcludeInEachInterleaving() {
        new ModelCheckingOptions()
                .addGuarantee(forClasses(SyncMemory.class.getName()).allMethods().treatAsAtomic())
                .sequentialSpecification(Specification.class)
                .iterations(LincheckEffort.iterations(4))
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .invocationsPerIteration(800)
                .check(LockLincheckTest.class);
    }

    @Test
    void shouldExcludeUnderStress() {
        sleeps = true;
        try {
            new StressOptions()
                    .sequentialSpecification(Specification.class)
                    .iterations(LincheckEffort.iterations(6))
                    .threads(3)
                    .actorsPerThread(3)
                    .actorsBefore(0)
                    .actorsAfter(1)
                    .invocationsPerIteration(500)
                    .check(LockLincheckTest.class);
        } finally {
            sleeps = false;
        }
    }
}
