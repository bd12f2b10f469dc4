package org.jvmipc.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jvmipc.NoSpaceException;

/**
 * How large this process may make a file: {@code RLIMIT_FSIZE}, {@code ulimit -f}. Who meets it is told by the system
 * that the file is too large, and by some libraries only that something has failed. Plain Java; all methods may be
 * called by any thread.
 */
public final class FileSizeLimit {
    /** What {@link #bytes} returns if there is no limit, or the system does not tell. */
    public static final long NONE = Long.MAX_VALUE;

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern LINE = Pattern.compile("(?m)^Max file size\\s+(\\d+)");

    private FileSizeLimit() {
    }

    /**
     * The limit as it is now: others may change it while the process runs ({@code prlimit}). A system call or three.
     *
     * @return bytes, or {@link #NONE}
     */
    public static long bytes() {
        try {
            Matcher line = LINE.matcher(Files.readString(LIMITS));
            return line.find() ? Long.parseLong(line.group(1)) : NONE;
        } catch (IOException | NumberFormatException hidden) {
            return NONE;
        }
    }

    /**
     * Refuses a file that this process may not make so large.
     *
     * @param path the file
     * @param size how large it is to be, in bytes
     * @throws NoSpaceException if that is above the limit; names the limit and how to raise it
     */
    public static void check(Path path, long size) {
        long limit = bytes();
        if (size > limit) {
            throw NoSpaceException.overFileSizeLimit(path.toString(), size, limit);
        }
    }
}
