package org.jvmipc.shm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jvmipc.spi.Log;

/**
 * Tells the operator of channels whose pages the kernel writes to a disk. Whoever stores into such a page while that
 * goes on stands still, for tenths of a second at worst; if it is a thread of a JVM on its way to a safepoint, all
 * others wait for it. Nothing else is wrong with them, and somebody may want them to outlive the boot: so they are
 * made, and it is said once for each directory.
 */
final class OnDisk {
    /** File systems whose files are memory. */
    private static final Set<String> MEMORY = Set.of("tmpfs", "ramfs", "hugetlbfs", "devtmpfs");
    private static final int MOST_TOLD = 1000;
    private static final Set<Path> TOLD = ConcurrentHashMap.newKeySet();

    private OnDisk() {
    }

    /** A channel is about to be made in a backing. */
    static void tell(Backing backing) throws IOException {
        if (!(backing instanceof FileBacking made) || !made.kind().equals("file") || TOLD.size() >= MOST_TOLD) {
            return;
        }
        Path directory = made.path().toAbsolutePath().getParent();
        String type = Files.getFileStore(directory).type();
        if (!MEMORY.contains(type) && TOLD.add(directory)) {
            Log.warning(made.path() + " is on a file system of type " + type + ", not in memory: while the kernel "
                    + "writes a page to the disk, a thread that stores into it stands still, and at a safepoint the "
                    + "whole JVM with it; leave out backing=file, or name a directory on a tmpfs, if it need not "
                    + "outlive the boot", null);
        }
    }
}
