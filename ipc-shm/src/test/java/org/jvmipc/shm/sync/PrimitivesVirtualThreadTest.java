package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Many more virtual threads wait than there are carriers, and all go on. */
@IpcDir
class PrimitivesVirtualThreadTest {
    private static final int COUNT = 64;

    @IpcDir
    private IpcScope scope;

    @AfterEach
    void sweep() {
        LifeSign.sweep();
    }

    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        Assumptions.assumeTrue(Runtime.version().feature() >= 21,
                "virtual threads came with JDK 21, this is " + Runtime.version());
        return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    private static void runAll(Callable<Boolean> work) throws Exception {
        ExecutorService threads = virtualThreads();
        List<Future<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            all.add(threads.submit(work));
        }
        threads.shutdown();
        for (Future<Boolean> one : all) {
            assertTrue(one.get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldMeetAtABarrierAndALatch() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.named(scope.name("b"), COUNT);
                SharedCountDownLatch latch = SharedCountDownLatch.named(scope.name("l"), COUNT)) {
            runAll(() -> {
                barrier.await();
                latch.countDown();
                return latch.await(20, TimeUnit.SECONDS);
            });
            assertFalse(barrier.isBroken());
        }
    }

    @Test
    void shouldTakeTurnsAtSemaphores() throws Exception {
        String name = scope.name("p");
        SysvSemaphoreSet set = null;
        try (SharedSemaphore shared = SharedSemaphore.named(scope.name("s"), 1);
                PosixSemaphore posix = PosixSemaphore.create(name, 4)) {
            SysvSemaphoreSet sysv = SysvSemaphoreSet.create(scope.key("v"), 4);
            set = sysv;
            runAll(() -> {
                shared.acquire();
                shared.release();
                posix.acquire();
                posix.release();
                sysv.perform(SysvSemaphoreSet.Step.take(0, 1));
                return sysv.tryPerform(SysvSemaphoreSet.Step.give(0, 1));
            });
            assertEquals(1, shared.availablePermits());
            assertEquals(4, posix.availablePermits());
            assertEquals(4, sysv.value(0));
        } finally {
            PosixSemaphore.unlink(name);
            if (set != null) {
                set.remove();
            }
        }
    }

    @Test
    void shouldLetAllPassAnEvent() throws Exception {
        try (SharedEvent all = SharedEvent.manual(scope.name("m"));
                SharedEvent each = SharedEvent.auto(scope.name("a"))) {
            ExecutorService setter = Executors.newSingleThreadExecutor();
            try {
                Future<?> set = setter.submit(all::set);
                runAll(() -> {
                    all.await();
                    each.set();
                    each.await();
                    each.set();
                    return true;
                });
                set.get(20, TimeUnit.SECONDS);
            } finally {
                setter.shutdown();
            }
        }
    }
}
