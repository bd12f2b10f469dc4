package org.jvmipc.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * What belongs to one test: a directory that only this user can read, names that no other test of any process uses,
 * and things to be closed. {@link IpcDir} makes one for each test; {@link #open} does so without JUnit.
 *
 * <p>{@link #close} closes what is tracked, fails on {@link Debris}, and removes everything. Safe for use by several
 * threads, but for {@link #close}.
 */
public final class IpcScope implements AutoCloseable {

    /** A socket's path has 107 bytes at most, and tests want to name things too. */
    private static final int LONGEST_BASE = 60;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,60}");
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final Path dir;
    private final String prefix;
    private final Debris debris;
    private final Deque<AutoCloseable> tracked = new ArrayDeque<>();

    private IpcScope(Path dir, String prefix) {
        this.dir = dir;
        this.prefix = prefix;
        this.debris = Debris.snapshot(dir, prefix);
    }

    /**
     * Makes a directory and remembers what there is now.
     *
     * @return the scope; to be closed
     * @throws UncheckedIOException if the directory cannot be made
     */
    public static IpcScope open() {
        String prefix = "t" + ProcFs.self() + "-" + NUMBERS.incrementAndGet() + "-";
        Path base = Path.of(System.getProperty("java.io.tmpdir"));
        if (base.toString().length() > LONGEST_BASE) {
            base = Path.of("/tmp");
        }
        try {
            Path dir = Files.createTempDirectory(base, "ipc-" + prefix,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return new IpcScope(dir.toRealPath(), prefix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the directory.
     *
     * @return its absolute path; mode 0700, short enough for sockets in it
     */
    public Path dir() {
        return dir;
    }

    /**
     * Returns a path in the directory.
     *
     * @param name the file's name
     * @return its absolute path
     */
    public Path path(String name) {
        return dir.resolve(name);
    }

    /**
     * Returns what all names of this scope begin with.
     *
     * @return such as {@code t4711-3-}: the process, the number of the test in it
     */
    public String prefix() {
        return prefix;
    }

    /**
     * Makes a name for a shared object, the same for the same argument.
     *
     * @param name what tells it from others of this test: letters, digits, dot, underscore and dash
     * @return such as {@code t4711-3-orders}; valid as the name of a channel
     * @throws IllegalArgumentException if there is another character, or more than 60
     */
    public String name(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("\"" + name + "\" is no name: " + NAME);
        }
        return prefix + name;
    }

    /**
     * Makes a key for an object of System V, the same for the same argument. A semaphore set or a message queue that is
     * left under it is debris.
     *
     * @param name what tells it from others of this test, as for {@link #name}
     * @return a positive number that other tests hardly have
     */
    public int key(String name) {
        int key = Math.max(1, name(name).hashCode() & Integer.MAX_VALUE);
        debris.key(key);
        return key;
    }

    /**
     * Makes the address of a channel in this scope, without options.
     *
     * @param scheme {@code fifo}, {@code unix} and {@code queue} get a path in the directory, all others a name
     * @param name what tells it from others of this test
     * @return such as {@code shm:t4711-3-orders}
     * @throws IllegalArgumentException as {@link #name}
     */
    public String address(String scheme, String name) {
        String unique = name(name);
        return switch (scheme) {
            case "fifo", "unix", "queue" -> scheme + ":" + path(name);
            default -> scheme + ":" + unique;
        };
    }

    /**
     * Sees to it that something is closed at the end of the test, in reverse order of the calls.
     *
     * @param <T> its type
     * @param resource what to close; may well be closed before
     * @return the argument
     */
    public <T extends AutoCloseable> T track(T resource) {
        synchronized (tracked) {
            tracked.push(resource);
        }
        return resource;
    }

    /**
     * Declares that the test may leave a file, or a directory with all in it; it is removed all the same.
     *
     * @param path in the directory; a relative path is taken from there
     */
    public void mayLeave(Path path) {
        debris.mayLeave(dir.resolve(path));
    }

    /**
     * Does not look for one kind of debris.
     *
     * @param kind what not to look for
     * @param reason why the test cannot help leaving it
     * @throws IllegalArgumentException if no reason is given
     */
    public void relax(DebrisKind kind, String reason) {
        debris.relax(kind, reason);
    }

    /**
     * Closes what is tracked, looks for debris, and removes the directory and whatever else is left.
     *
     * @throws AssertionError if closing failed or something was left behind
     */
    @Override
    public void close() {
        List<Throwable> failures = new ArrayList<>();
        synchronized (tracked) {
            while (!tracked.isEmpty()) {
                AutoCloseable resource = tracked.pop();
                try {
                    resource.close();
                } catch (Exception | AssertionError e) {
                    failures.add(new AssertionError("cannot close " + resource, e));
                }
            }
        }
        try {
            debris.assertNone();
        } catch (AssertionError e) {
            failures.add(e);
        }
        try {
            deleteAll();
        } catch (IOException e) {
            failures.add(new AssertionError("cannot remove " + dir, e));
        }
        if (!failures.isEmpty()) {
            AssertionError first = (AssertionError) failures.remove(0);
            failures.forEach(first::addSuppressed);
            throw first;
        }
    }

    private void deleteAll() throws IOException {
        Files.walkFileTree(dir, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
