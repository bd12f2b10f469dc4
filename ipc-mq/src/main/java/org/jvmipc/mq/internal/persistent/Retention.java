package org.jvmipc.mq.internal.persistent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jvmipc.IpcException;
import org.jvmipc.mq.internal.group.Group;
import org.jvmipc.spi.OptionValues;

/**
 * Which files of cycles that are over may go: those that are too old, those that are too much, and if wanted those
 * whose messages all cursors have done with. The file of the last cycle stays in any case, and so does one with a
 * message that a living receiver, or a group of consumers, has not done with.
 *
 * @param age after how long a file may go, zero for never
 * @param size how many bytes the files may have together, zero for any number
 * @param unread whether a file may go that all cursors are done with, if there is any
 */
record Retention(Duration age, long size, boolean unread) {
    static Retention of(OptionValues values) {
        return new Retention(values.duration("retainAge"), values.size("retainSize"),
                values.text("retain").equals("unread"));
    }

    /** A sender writes to another file than before. */
    void rolled(Store store) {
        if (!age.isZero() || size > 0 || unread) {
            try {
                run(store);
            } catch (IpcException unknown) {
                // Nobody can tell what a group needs whose file is damaged: all stay, and what was sent was sent.
                return;
            }
        }
    }

    /**
     * Removes what may go.
     *
     * @param store of the queue
     * @return how many files
     */
    int run(Store store) {
        TreeMap<Integer, Path> files = store.files().list();
        if (files.size() < 2 || !store.tryLock(TimeUnit.SECONDS.toMillis(1))) {
            return 0;
        }
        try (LogReader reader = new LogReader(store)) {
            return run(store, files, reader);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            store.unlock();
        }
    }

    private int run(Store store, TreeMap<Integer, Path> files, LogReader reader) throws IOException {
        List<CursorFile.Look> cursors = Cursors.list(store.directory());
        long needed = cursors.stream().filter(CursorFile.Look::lives).mapToLong(CursorFile.Look::done).min()
                .orElse(Long.MAX_VALUE);
        OptionalLong groups = Group.leastCommitted(store.directory());
        needed = Math.min(needed, groups.orElse(Long.MAX_VALUE));
        long passed = Math.min(cursors.stream().mapToLong(CursorFile.Look::done).min()
                .orElse(groups.isPresent() ? Long.MAX_VALUE : 0), groups.orElse(Long.MAX_VALUE));
        long total = 0;
        for (int cycle : files.keySet()) {
            total += reader.bytesOf(cycle);
        }
        long now = store.clock().currentTimeMillis();
        long length = store.queue().rollCycle().lengthInMillis();
        int removed = 0;
        for (Map.Entry<Integer, Path> file : files.headMap(files.lastKey()).entrySet()) {
            long end = reader.endOf(file.getKey());
            long over = (file.getKey() + 1L) * length + store.queue().epoch();
            boolean mayGo = !age.isZero() && now - over > age.toMillis()
                    || size > 0 && total > size
                    || unread && end <= passed;
            if (!mayGo || end > needed) {
                break;
            }
            total -= reader.bytesOf(file.getKey());
            Files.deleteIfExists(file.getValue());
            removed++;
        }
        if (removed > 0) {
            store.queue().refreshDirectoryListing();
        }
        return removed;
    }
}
