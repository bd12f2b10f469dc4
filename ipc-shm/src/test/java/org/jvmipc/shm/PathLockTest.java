package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.posix.KernelLocks;

/** Threads of one process exclude each other at a file, whatever path leads them there. */
class PathLockTest {
    private static final long LONG = TimeUnit.SECONDS.toNanos(20);

    @TempDir
    private Path directory;

    /** Were it open twice, the one that closes it first would end the lock of the other one in the kernel. */
    @Test
    void shouldHoldForEachWayToWriteAPath() throws Exception {
        Path real = Files.createDirectory(directory.resolve("real"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);
        Path path = real.resolve("segment");
        List<Path> spellings = List.of(path, link.resolve("segment"), real.resolve("../real/./segment"),
                link.resolve("../real/segment"), Path.of("").toAbsolutePath().relativize(path));
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (SegmentFile held = SegmentFile.open(path, true, System.nanoTime() + LONG)) {
            held.back(4096);
            held.lock(System.nanoTime() + LONG);
            for (Path spelling : spellings) {
                ExecutionException busy = assertThrows(ExecutionException.class, other.submit(
                        () -> SegmentFile.open(spelling, false, System.nanoTime() + 1_000_000))::get,
                        spelling.toString());
                assertTrue(busy.getCause() instanceof IpcTimeoutException, () -> spelling + ": " + busy.getCause());
            }
            assertEquals(ProcessHandle.current().pid(), KernelLocks.read().owner(path), "the kernel's lock is held");
            other.submit(() -> {
                SegmentFile.open(real.resolve("another"), true, System.nanoTime() + LONG).close();
                return null;
            }).get();
        } finally {
            other.shutdown();
        }
        for (Path spelling : spellings) {
            SegmentFile.open(spelling, false, System.nanoTime() + LONG).close();
        }
        assertNull(SegmentFile.open(directory.resolve("none/segment"), false, System.nanoTime() + LONG));
        assertNull(SegmentFile.open(directory.resolve("none/segment"), true, System.nanoTime() + LONG));
    }
}
