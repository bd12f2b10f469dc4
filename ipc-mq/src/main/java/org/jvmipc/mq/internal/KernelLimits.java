package org.jvmipc.mq.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel allows, as {@code /proc} tells it. */
final class KernelLimits {
    static final long UNKNOWN = -1;

    private static final int LONGEST_NUMBER = 64;
    private static final Path SYSTEM = Path.of("/proc/sys");
    private static final Path PROCESS = Path.of("/proc/self/limits");
    private static final Pattern QUEUE_BYTES = Pattern.compile("(?m)^Max msgqueue size\\s+(\\d+)");

    private KernelLimits() {
    }

    /**
     * A number of the system.
     *
     * @param name such as {@code fs/mqueue/msg_max}
     * @param otherwise what to take if it cannot be read
     * @return the number
     */
    static long system(String name, long otherwise) {
        // These files give all at the first read and nothing at the next: who reads in parts gets a part.
        try (InputStream in = Files.newInputStream(SYSTEM.resolve(name))) {
            byte[] digits = new byte[LONGEST_NUMBER];
            int length = Math.max(0, in.read(digits));
            return Long.parseLong(new String(digits, 0, length, StandardCharsets.US_ASCII).strip());
        } catch (IOException | NumberFormatException hidden) {
            return otherwise;
        }
    }

    /** How many bytes all POSIX queues of this user may take together ({@code RLIMIT_MSGQUEUE}). */
    static long posixQueueBytes() {
        try {
            Matcher line = QUEUE_BYTES.matcher(Files.readString(PROCESS));
            return line.find() ? Long.parseLong(line.group(1)) : UNKNOWN;
        } catch (IOException hidden) {
            return UNKNOWN;
        }
    }

    /** A limit for people. */
    static String text(long limit) {
        return limit == UNKNOWN ? "an unknown number" : String.valueOf(limit);
    }
}
