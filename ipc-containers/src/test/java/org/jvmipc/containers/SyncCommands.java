package org.jvmipc.containers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.sync.LockGuard;
import org.jvmipc.shm.sync.SharedBarrier;
import org.jvmipc.shm.sync.SharedLock;
import org.jvmipc.shm.sync.SharedSemaphore;

/** What a {@link Worker} can do with locks and the like. */
final class SyncCommands {

    private final Map<String, SharedLock> locks = new HashMap<>();
    private final Map<String, LockGuard> guards = new HashMap<>();
    private final Map<String, SharedSemaphore> semaphores = new HashMap<>();
    private final Map<String, SharedBarrier> barriers = new HashMap<>();
    private final Map<String, SharedSegment> segments = new HashMap<>();

    void addTo(Map<String, Worker.Command> commands) {
        commands.put("lock", words -> open(locks, words[0], SharedLock.named(words[0])));
        commands.put("lock-file", words -> open(locks, words[0],
                SharedLock.in(SharedSegment.file(Path.of(words[1]))).openOrCreate()));
        commands.put("acquire", words -> acquire(words[0], Duration.ofMillis(Long.parseLong(words[1]))));
        commands.put("release", words -> release(words[0]));
        commands.put("semaphore", words ->
                open(semaphores, words[0], SharedSemaphore.named(words[0], Integer.parseInt(words[1]))));
        commands.put("take", words -> Boolean.toString(
                semaphores.get(words[0]).tryAcquire(Long.parseLong(words[1]), TimeUnit.MILLISECONDS)));
        commands.put("abandoned", words -> Integer.toString(semaphores.get(words[0]).releaseAbandoned()));
        commands.put("barrier", words ->
                open(barriers, words[0], SharedBarrier.named(words[0], Integer.parseInt(words[1]))));
        commands.put("meet", words -> Integer.toString(barriers.get(words[0]).await(20, TimeUnit.SECONDS)));
        commands.put("segment", words -> open(segments, words[0],
                SharedSegment.posix(words[0]).create(Long.parseLong(words[1]) << 20)));
        commands.put("close-sync", words -> close());
    }

    private static <T> String open(Map<String, T> all, String name, T one) {
        all.put(name, one);
        return "open";
    }

    private String acquire(String name, Duration timeout) throws InterruptedException {
        LockGuard guard = locks.get(name).acquire(timeout);
        guards.put(name, guard);
        return guard.ownerDied() ? "after a death" : "acquired";
    }

    private String release(String name) {
        LockGuard guard = guards.remove(name);
        if (guard.ownerDied()) {
            guard.markConsistent();
        }
        guard.close();
        return "released";
    }

    private String close() {
        locks.values().forEach(SharedLock::close);
        semaphores.values().forEach(SharedSemaphore::close);
        barriers.values().forEach(SharedBarrier::close);
        segments.values().forEach(SharedSegment::close);
        locks.clear();
        semaphores.clear();
        barriers.clear();
        segments.clear();
        return "closed";
    }
}
