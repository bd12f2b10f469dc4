package org.jvmipc.testkit;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Debris in directories: files, and directories with nothing in them. */
final class FileCheck implements DebrisCheck {

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Path MESSAGE_QUEUES = Path.of("/dev/mqueue");

    private final DebrisKind kind;
    private final List<Path> roots;
    private final Predicate<Path> counts;
    private final Set<Path> before;

    private FileCheck(DebrisKind kind, List<Path> roots, Predicate<Path> counts) {
        this.kind = kind;
        this.roots = roots;
        this.counts = counts;
        this.before = Set.copyOf(entries());
    }

    /** Everything in the directory, but for what is declared or below it. */
    static FileCheck directory(Path directory, Collection<Path> declared) {
        return new FileCheck(DebrisKind.FILE, List.of(directory),
                path -> !path.equals(directory) && declared.stream().noneMatch(path::startsWith));
    }

    static FileCheck sharedObjects(String prefix) {
        return new FileCheck(DebrisKind.SHARED_OBJECT, List.of(SHARED_MEMORY, MESSAGE_QUEUES),
                path -> path.toString().contains(prefix) && !path.startsWith(Registry.home()));
    }

    static FileCheck registry(String prefix, Supplier<List<Long>> children) {
        return new FileCheck(DebrisKind.REGISTRY, List.of(Registry.home()),
                path -> Registry.isDebris(path, prefix, children.get()));
    }

    @Override
    public DebrisKind kind() {
        return kind;
    }

    @Override
    public List<String> leftovers() {
        return found().stream().map(Path::toString).toList();
    }

    @Override
    public void remove() {
        for (Path path : found()) {
            deleteUpwards(path);
        }
    }

    private List<Path> found() {
        return entries().stream().filter(path -> !before.contains(path)).filter(counts).toList();
    }

    /** Empty directories are entries, so the parents of a file go with it when it was the last. */
    private void deleteUpwards(Path path) {
        try {
            for (Path at = path; !roots.contains(at) && !before.contains(at); at = at.getParent()) {
                Files.deleteIfExists(at);
            }
        } catch (IOException e) {
            // a directory that is not empty yet, or another user's: reported anyway
        }
    }

    private List<Path> entries() {
        List<Path> entries = new ArrayList<>();
        for (Path root : roots) {
            try {
                Files.walkFileTree(root, new Collector(entries, root));
            } catch (IOException e) {
                // no such directory: nothing in it
            }
        }
        return entries;
    }

    /** Collects files and empty directories; others make and remove entries at the same time. */
    private static final class Collector extends SimpleFileVisitor<Path> {

        private final List<Path> entries;
        private final Path root;

        Collector(List<Path> entries, Path root) {
            this.entries = entries;
            this.root = root;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            entries.add(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException e) {
            boolean empty = entries.isEmpty() || !entries.get(entries.size() - 1).startsWith(directory);
            if (empty && !directory.equals(root)) {
                entries.add(directory);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
