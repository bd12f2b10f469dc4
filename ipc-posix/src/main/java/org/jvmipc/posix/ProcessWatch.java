package org.jvmipc.posix;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells again and again whether a process of this PID namespace lives, without allocating. It keeps
 * {@code /proc/<pid>/stat} open, which stands for that very process: once it has gone, the kernel refuses to read it,
 * also if its number is in use again. Plain Java; safe for use by any thread.
 */
public final class ProcessWatch implements AutoCloseable {
    /** More than a line with 52 numbers and a short name has. */
    private static final int LONGEST = 2048;
    /** The start time is field 22, and the state field 3, behind the name in parentheses. */
    private static final int BLANKS_TO_START = 19;

    private final Path path;
    private final long startTime;
    private final byte[] line = new byte[LONGEST];
    private RandomAccessFile file;
    private boolean dead;
    private boolean closed;

    /**
     * Watches a process.
     *
     * @param pid its number in this PID namespace
     * @param startTime when it started, in clock ticks since the machine booted, as {@link ProcessIdentity#startTime}
     */
    public ProcessWatch(long pid, long startTime) {
        this.path = Path.of("/proc", Long.toString(pid), "stat");
        this.startTime = startTime;
    }

    /**
     * Looks whether it lives. A zombie is dead, and so is a process whose number another one has now.
     *
     * @return {@link Life#UNKNOWN} if that cannot be found out at the moment
     */
    public synchronized Life look() {
        if (dead) {
            return Life.DEAD;
        }
        Life life = file == null ? open() : read();
        if (life == Life.UNKNOWN && file != null) {
            // What was opened once cannot be read any more: only a fresh look tells why.
            closeFile();
            life = open();
        }
        dead = life == Life.DEAD;
        if (dead || closed) {
            closeFile();
        }
        return life;
    }

    private Life open() {
        try {
            file = new RandomAccessFile(path.toFile(), "r");
        } catch (FileNotFoundException goneOrRefused) {
            return Files.exists(path) ? Life.UNKNOWN : Life.DEAD;
        }
        Life life = read();
        // It may have ended between opening and reading.
        return life == Life.UNKNOWN && !Files.exists(path) ? Life.DEAD : life;
    }

    private Life read() {
        int length;
        try {
            file.seek(0);
            length = file.read(line);
        } catch (IOException refused) {
            return Life.UNKNOWN;
        }
        // The name may itself contain blanks and parentheses.
        int at = length - 1;
        while (at >= 0 && line[at] != ')') {
            at--;
        }
        int state = at + 2;
        if (at < 0 || state >= length) {
            return Life.UNKNOWN;
        }
        if (line[state] == 'Z' || line[state] == 'X' || line[state] == 'x') {
            return Life.DEAD;
        }
        int blanks = 0;
        for (at = state; at < length && blanks < BLANKS_TO_START; at++) {
            blanks += line[at] == ' ' ? 1 : 0;
        }
        long started = 0;
        for (; at < length && line[at] >= '0' && line[at] <= '9'; at++) {
            started = started * 10 + line[at] - '0';
        }
        return started == startTime ? Life.ALIVE : Life.DEAD;
    }

    private void closeFile() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException alreadyUseless) {
                // It was open for reading only.
            }
            file = null;
        }
    }

    /** Gives the open file back. A look afterwards opens it for a moment. */
    @Override
    public synchronized void close() {
        closed = true;
        closeFile();
    }
}
