package org.jvmipc.testkit;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Mapped files of this process. A mapping that Java made ends when the GC finds that nobody refers to it any more, so
 * each look that finds one runs the GC and looks again.
 */
final class MappingCheck implements DebrisCheck {

    private static final long CLEANER_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

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
        if (!found.isEmpty()) {
            System.gc();
            LockSupport.parkNanos(CLEANER_NANOS); // the cleaner unmaps in a thread of its own
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
