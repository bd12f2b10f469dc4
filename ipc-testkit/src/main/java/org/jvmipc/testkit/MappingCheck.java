package org.jvmipc.testkit;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Mapped files of this process. A mapping that Java made ends when the GC finds that nobody refers to it any more, so
 * each look that finds one has the GC run and looks again. What a test has mapped is mostly young: first the young
 * generation alone is collected, which in a JVM of many classes takes a tenth of the time that the whole heap takes.
 */
final class MappingCheck implements DebrisCheck {

    /** How often to look whether the cleaner, a thread of its own, has unmapped what the GC gave to it. */
    private static final int LOOKS = 5;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** Enough for a young generation of 64 MiB; with a larger one the whole heap is collected at once. */
    private static final int GARBAGE = 1024;
    private static final int GARBAGE_SIZE = 64 << 10;

    /** A field, as compiled code need not allocate what nobody can see. */
    private static volatile byte[] garbage;

    private final String directory;
    private final String prefix;
    private final List<String> before = ProcFs.mappedFiles();

    MappingCheck(Path directory, String prefix) {
        this.directory = directory + "/";
        this.prefix = prefix;
    }

    @Override
    public DebrisKind kind() {
        return DebrisKind.MAPPING;
    }

    @Override
    public List<String> leftovers() {
        List<String> found = found();
        if (!found.isEmpty() && collectYoung()) {
            found = afterCleaner();
        }
        if (!found.isEmpty()) {
            System.gc();
            found = afterCleaner();
        }
        return found;
    }

    /** Fills the young generation until it is collected; tells whether it was. */
    private static boolean collectYoung() {
        WeakReference<Object> sign = new WeakReference<>(new Object());
        for (int i = 0; i < GARBAGE && sign.get() != null; i++) {
            garbage = new byte[GARBAGE_SIZE];
        }
        garbage = null;
        return sign.get() == null;
    }

    private List<String> afterCleaner() {
        List<String> found = found();
        for (int i = 0; i < LOOKS && !found.isEmpty(); i++) {
            LockSupport.parkNanos(PAUSE_NANOS);
            found = found();
        }
        return found;
    }

    private List<String> found() {
        return DebrisCheck.added(before, ProcFs.mappedFiles(), this::counts);
    }

    private boolean counts(String file) {
        return (file.contains("jvmipc-") || file.startsWith(directory)) && !Registry.isOwn(file, prefix);
    }

    @Override
    public void remove() {
        // Only the owner can know that nobody will touch the memory again.
    }
}
