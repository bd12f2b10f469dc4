package org.jvmipc.pipes.internal;

import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.PollCalls;

/**
 * Finds the descriptor of a selector, so that one can wait for it together with descriptors that are not the JDK's. On
 * Linux a selector is an epoll instance, which is ready when one of its channels is, or when it was woken. The JDK does
 * not tell its number, but it is the one among the few of this process that gets ready when the selector is woken, and
 * is so no more when the selector has looked.
 */
final class SelectorDescriptor {
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");
    private static final String EPOLL = "anon_inode:[eventpoll]";
    /** As bits: whether to wake. No other selector is woken and looked at in the same order at the same time. */
    private static final int PATTERN = 0b1011_0010_1110_0101;
    private static final int STEPS = 16;

    private SelectorDescriptor() {
    }

    /**
     * Finds it.
     *
     * @param selector one that nobody else knows, without channels
     * @return a descriptor of its own for the same thing, or null if there is none
     */
    static Fd find(Selector selector) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(OPEN_FILES)) {
            for (Path file : files) {
                if (isEpoll(file)) {
                    // Of one's own first: the number may stand for something else by now.
                    int copy = FileCalls.dup(Integer.parseInt(file.getFileName().toString()));
                    if (copy >= 0) {
                        Fd candidate = Fd.own(copy, "selector");
                        if (follows(copy, selector)) {
                            return candidate;
                        }
                        candidate.close();
                    }
                }
            }
        }
        return null;
    }

    private static boolean isEpoll(Path file) {
        try {
            return Files.readSymbolicLink(file).toString().equals(EPOLL);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    private static boolean follows(int number, Selector selector) throws IOException {
        PollNow poll = new PollNow();
        for (int step = 0; step < STEPS; step++) {
            boolean woken = (PATTERN >> step & 1) != 0;
            if (woken) {
                selector.wakeup();
            }
            boolean ready = (poll.events(number, "selector", PollCalls.POLLIN) & PollCalls.POLLIN) != 0;
            selector.selectNow();
            if (ready != woken) {
                return false;
            }
        }
        return true;
    }
}
