package org.jvmipc.shm;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Memory of a file, in {@code /dev/shm} or any other directory.
 *
 * @param path the file
 */
record FileBacking(Path path) implements Backing {
    @Override
    public String kind() {
        return PosixNames.DIRECTORY.equals(path.getParent()) ? "posix" : "file";
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public Handle open(boolean create, long deadline) throws IOException {
        return SegmentFile.open(path, create, deadline);
    }
}
