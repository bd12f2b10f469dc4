package org.jvmipc.shm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jvmipc.IpcException;

/**
 * Finds the segments of a directory, again and again, for tools that look into them. Takes no part in any of them, and
 * waits for nobody. What it has mapped before costs a system call each time. Not thread-safe.
 */
public final class SegmentFinder {
    /** When a file that was nothing of interest is looked into again. */
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    private final Path directory;
    private final String prefix;
    private final Predicate<String> types;
    private Map<Path, Seen> seen = new HashMap<>();

    /**
     * What was found under a name.
     *
     * @param key the file; the number of one that is mapped is not given again
     * @param at when it was looked into
     * @param view empty if it is nothing that is looked for, or not yet
     */
    private record Seen(Object key, long at, Optional<SegmentView> view) {
        boolean isStill(Object now) {
            return key != null && key.equals(now) && (view.isPresent() || System.nanoTime() - at < AGAIN_NANOS);
        }
    }

    private SegmentFinder(Path directory, String prefix, Predicate<String> types) {
        this.directory = directory;
        this.prefix = prefix;
        this.types = types;
    }

    /**
     * Finds this user's segments in {@code /dev/shm}.
     *
     * @param prefix what their names begin with; empty for all
     * @param types which {@linkplain SegmentView#type() types}
     * @return what finds them
     */
    public static SegmentFinder posix(String prefix, Predicate<String> types) {
        return new SegmentFinder(PosixNames.DIRECTORY, PosixNames.prefix() + prefix, types);
    }

    /**
     * Finds the segments in files of a directory.
     *
     * @param directory the directory, without those in it
     * @param types which {@linkplain SegmentView#type() types}
     * @return what finds them
     */
    public static SegmentFinder directory(Path directory, Predicate<String> types) {
        return new SegmentFinder(directory.toAbsolutePath(), "", types);
    }

    /**
     * Looks what is there now.
     *
     * @return what there is, in no order; the same objects as before for what was there before
     * @throws UncheckedIOException if the directory cannot be read; one that does not exist is empty
     */
    public List<SegmentView> find() {
        Map<Path, Seen> now = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory,
                file -> file.getFileName().toString().startsWith(prefix))) {
            files.forEach(file -> look(file, now));
        } catch (NoSuchFileException none) {
            now.clear();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        seen = now;
        List<SegmentView> found = new ArrayList<>();
        now.values().forEach(each -> each.view().ifPresent(found::add));
        return found;
    }

    private void look(Path file, Map<Path, Seen> now) {
        try {
            BasicFileAttributes status =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            Seen before = seen.get(file);
            if (before != null && before.isStill(status.fileKey())) {
                now.put(file, before);
            } else if (status.isRegularFile()) {
                lookInto(file, status, now);
            }
        } catch (IOException gone) {
            // It was there when the directory was read.
            now.remove(file);
        }
    }

    private void lookInto(Path file, BasicFileAttributes status, Map<Path, Seen> now) {
        Optional<SegmentView> view;
        try {
            view = SegmentLister.view(new FileBacking(file), types);
        } catch (IpcException | UncheckedIOException notOurs) {
            view = Optional.empty();
        }
        now.put(file, new Seen(status.fileKey(), System.nanoTime(), view));
    }
}
