package org.jvmipc.cli.demo;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

/**
 * What belongs to one run: a directory of this user alone, and names that no other run uses. All of it goes when the
 * run ends, however it ends. Its directory is all that a child needs to know to do that, too.
 */
final class Workspace {
    /** A socket's path has 107 bytes at most. */
    private static final int LONGEST_BASE = 50;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final Path directory;

    private Workspace(Path directory) {
        this.directory = directory;
    }

    static Workspace create() throws IOException {
        Path base = Path.of(System.getProperty("java.io.tmpdir"));
        if (base.toString().length() > LONGEST_BASE) {
            base = Path.of("/tmp");
        }
        Path directory = Files.createTempDirectory(base, "ipc-demo-" + ProcessHandle.current().pid() + "-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))).toRealPath();
        return new Workspace(directory);
    }

    static Workspace at(Path directory) {
        return new Workspace(directory);
    }

    Path directory() {
        return directory;
    }

    String path(String use) {
        return directory.resolve(use).toString();
    }

    String name(String use) {
        return directory.getFileName() + "-" + use;
    }

    /** A number that other runs hardly have. */
    int key(String use) {
        return Math.max(1, name(use).hashCode() & Integer.MAX_VALUE);
    }

    /**
     * Removes everything. Several processes may do so at the same time, and others, or other threads of this one, may
     * still be making files; once the directory has gone, none can be made in it.
     */
    void remove() throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        for (boolean gone = false; !gone;) {
            try {
                removeSharedMemory();
                removeTree(directory);
                removeSharedMemory();
                gone = true;
            } catch (DirectoryNotEmptyException someoneMadeOne) {
                if (System.nanoTime() - deadline > 0) {
                    throw someoneMadeOne;
                }
                Thread.onSpinWait();
            }
        }
    }

    private void removeSharedMemory() throws IOException {
        if (Files.isDirectory(SHARED_MEMORY)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(SHARED_MEMORY, "jvmipc-*")) {
                for (Path entry : entries) {
                    if (entry.getFileName().toString().contains(name(""))) {
                        removeTree(entry);
                    }
                }
            }
        }
    }

    private static void removeTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
