package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcScope;

/** What tests of locks between processes have in common: the processes, and locks of some kinds. */
final class LockChildren {
    private static final Duration LONG = Duration.ofSeconds(20);

    private LockChildren() {
    }

    /** What is to be shown of a lock of some kind. */
    interface Case {
        void run(String kind, AbstractSharedLock lock) throws Exception;
    }

    /** Starts a {@link LockPeer}. */
    static ChildJvm start(IpcScope scope, Object... args) {
        return scope.track(ChildJvm.of(LockPeer.class).jvmArgs("-Xmx32m").args(args).start());
    }

    static void end(ChildJvm child) {
        child.send("end");
        assertEquals(0, child.awaitExit());
    }

    static void kill(ChildJvm child) {
        child.kill();
        child.awaitDeath(LONG);
    }

    static String name(IpcScope scope, String kind) {
        return scope.name("lock-" + kind);
    }

    /** What nobody has repaired stays when all have closed it. */
    static void destroy(String name) {
        assertTrue(SharedLock.in(SharedSegment.posix(name)).destroy());
    }

    /** All kinds one after the other, so that they may share the other processes. */
    static void each(IpcScope scope, List<String> kinds, Case shows) {
        for (String kind : kinds) {
            try (AbstractSharedLock lock = LockPeer.lock(kind, name(scope, kind))) {
                shows.run(kind, lock);
            } catch (Exception | AssertionError failed) {
                throw new AssertionError("a lock that is " + kind + ": " + failed.getMessage(), failed);
            }
        }
    }
}
