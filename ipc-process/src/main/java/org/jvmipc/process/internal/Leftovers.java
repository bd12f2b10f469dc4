package org.jvmipc.process.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jvmipc.shm.SegmentInfo;
import org.jvmipc.shm.SharedSegment;

/**
 * Removes what groups have left that were killed before any of their processes had opened a channel: otherwise the last
 * process to leave a channel removes it.
 */
final class Leftovers {
    private static final Pattern BOARD = Pattern.compile("(.*-group-\\d+-[0-9a-f]+-)board");

    private Leftovers() {
    }

    static void remove() {
        List<SegmentInfo> segments = SharedSegment.list();
        for (SegmentInfo board : segments) {
            // One that was just made has nobody in it for a moment.
            if (board.isUnused() && board.type().equals(Board.TYPE)
                    && ProcessHandle.of(board.creatorPid()).isEmpty() && BOARD.matcher(board.where()).matches()) {
                String group = BOARD.matcher(board.where()).replaceFirst("$1");
                segments.stream().map(SegmentInfo::where).filter(where -> where.startsWith(group))
                        .forEach(where -> delete(Path.of(where)));
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException left) {
            // It is in nobody's way, and the next group tries again.
            return;
        }
    }
}
