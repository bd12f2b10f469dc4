package org.jvmipc.mq.internal.persistent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jvmipc.IpcException;
import org.jvmipc.mq.internal.group.Group;

/** The cursors of a queue. */
final class Cursors {
    private Cursors() {
    }

    /** Those there are; removes those of receivers that died and had no name. */
    static List<CursorFile.Look> list(Path directory) {
        List<CursorFile.Look> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + CursorFile.SUFFIX)) {
            for (Path file : files) {
                CursorFile.Look look = CursorFile.look(file);
                if (look != null && look.isPassing() && !look.lives()) {
                    CursorFile.tryRemove(file);
                } else if (look != null) {
                    found.add(look);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return found;
    }

    /** How many messages the slowest cursor or group has before it; all there ever were if there is none. */
    static long depth(Store store) {
        long next = store.state().next();
        long least = next;
        List<CursorFile.Look> cursors = list(store.directory());
        for (CursorFile.Look cursor : cursors) {
            least = Math.min(least, cursor.handed());
        }
        OptionalLong groups = groups(store.directory());
        least = Math.min(least, groups.orElse(least));
        return cursors.isEmpty() && groups.isEmpty() ? next : next - least;
    }

    private static OptionalLong groups(Path directory) {
        try {
            return Group.leastCommitted(directory);
        } catch (IpcException damaged) {
            // Its consumers are told.
            return OptionalLong.empty();
        }
    }
}
