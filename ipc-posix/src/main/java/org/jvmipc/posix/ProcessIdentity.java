package org.jvmipc.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which process, beyond its reusable number: the boot it runs in, its PID namespace, its number there and its start
 * time. Plain Java, for people, and for processes that load no native code; a {@link LifeSign} tells more surely
 * whether a process lives. Immutable; all methods may be called from any thread.
 */
public final class ProcessIdentity {

    private static final Path PROC = Path.of("/proc");
    private static final int BOOT_ID = 36;
    private static final int LONG_DIGITS = 19;
    private static final int PID_DIGITS = 10;

    /** Found out once; -1 is no user. */
    private static volatile int uid = -1;

    private final String bootId;
    private final long pidNamespace;
    private final long pid;
    private final long startTime;

    /** Found out when it is first needed: tools that only look at others need none of it, or only the namespace. */
    private static final class Own {
        private static final ProcessIdentity CURRENT = new ProcessIdentity(
                read(PROC.resolve("sys/kernel/random/boot_id")).trim(), namespace(), ProcessHandle.current().pid(),
                ProcessIdentity.startTime(read(PROC.resolve("self/stat"))));
    }

    /** As {@link Own}. */
    private static final class Namespace {
        private static final long OWN = namespace();
    }

    private ProcessIdentity(String bootId, long pidNamespace, long pid, long startTime) {
        this.bootId = bootId;
        this.pidNamespace = pidNamespace;
        this.pid = pid;
        this.startTime = startTime;
    }

    /**
     * Returns the identity of this process.
     *
     * @return always the same
     */
    public static ProcessIdentity current() {
        return Own.CURRENT;
    }

    /**
     * Returns the PID namespace of this process, which is all that tools need to know of it. Reads one link, once.
     *
     * @return its inode number, 0 if the system does not tell
     */
    public static long ownPidNamespace() {
        return Namespace.OWN;
    }

    /**
     * Tells whether there is a process in this PID namespace.
     *
     * @param pid its number
     * @return false also for a zombie
     */
    public static boolean exists(long pid) {
        return isRunning(read(PROC.resolve(Long.toString(pid)).resolve("stat")));
    }

    /**
     * Returns the identity of a process in this PID namespace.
     *
     * @param pid its number
     * @return its identity, or empty if it does not exist or is a zombie
     */
    public static Optional<ProcessIdentity> of(long pid) {
        String stat = read(PROC.resolve(Long.toString(pid)).resolve("stat"));
        return isRunning(stat)
                ? Optional.of(new ProcessIdentity(current().bootId, ownPidNamespace(), pid, startTime(stat)))
                : Optional.empty();
    }

    /**
     * Reads what {@link #toString} wrote.
     *
     * @param text an identity as text
     * @return the identity, or empty if the text is not one
     */
    public static Optional<ProcessIdentity> parse(String text) {
        String[] part = text.split(":", -1);
        if (part.length != 4 || !isBootId(part[0]) || !ProcFields.isNumber(part[1], LONG_DIGITS)
                || !ProcFields.isNumber(part[2], PID_DIGITS) || !ProcFields.isNumber(part[3], LONG_DIGITS)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ProcessIdentity(
                    part[0], Long.parseLong(part[1]), Long.parseLong(part[2]), Long.parseLong(part[3])));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static boolean isBootId(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f') && c != '-') {
                return false;
            }
        }
        return text.length() <= BOOT_ID;
    }

    /**
     * Returns the effective user of this process.
     *
     * @return a user id
     * @throws UnsupportedOperationException if the system does not tell
     */
    public static int effectiveUid() {
        if (uid != -1) {
            return uid;
        }
        try {
            // Not the owner of /proc/self: that is root for a process that may not be dumped.
            String effective = effective(read(PROC.resolve("self/status")));
            uid = effective != null ? Integer.parseUnsignedInt(effective)
                    : (int) Files.getAttribute(Path.of(System.getProperty("user.home")), "unix:uid");
            return uid;
        } catch (IOException | IllegalArgumentException e) {
            throw new UnsupportedOperationException("The user id cannot be found out: /proc is not mounted", e);
        }
    }

    /** Of {@code Uid:  1000  1000  1000  1000} the second number; null if there is no such line. */
    private static String effective(String status) {
        for (String line : status.split("\n")) {
            String[] field = ProcFields.of(line);
            if (field.length > 2 && field[0].equals("Uid:")) {
                return field[2];
            }
        }
        return null;
    }

    /**
     * Returns the number of the process.
     *
     * @return its id in its own PID namespace
     */
    public long pid() {
        return pid;
    }

    /**
     * Returns when the process started.
     *
     * @return in clock ticks since the machine booted
     */
    public long startTime() {
        return startTime;
    }

    /**
     * Returns the PID namespace.
     *
     * @return its inode number
     */
    public long pidNamespace() {
        return pidNamespace;
    }

    /**
     * Returns the boot of the machine.
     *
     * @return a UUID
     */
    public String bootId() {
        return bootId;
    }

    /**
     * Looks whether the process lives. Reads one file.
     *
     * @return {@link Life#UNKNOWN} for a process of another PID namespace
     */
    public Life life() {
        if (!bootId.equals(current().bootId)) {
            return Life.DEAD;
        }
        if (pidNamespace != ownPidNamespace() || pidNamespace == 0) {
            return Life.UNKNOWN;
        }
        Path file = PROC.resolve(Long.toString(pid)).resolve("stat");
        try {
            String stat = Files.readString(file, StandardCharsets.ISO_8859_1);
            return isRunning(stat) && startTime(stat) == startTime ? Life.ALIVE : Life.DEAD;
        } catch (NoSuchFileException e) {
            return Life.DEAD;
        } catch (IOException e) {
            // ESRCH: it ended between open and read.
            return Files.exists(file) ? Life.UNKNOWN : Life.DEAD;
        }
    }

    /**
     * Tells whether the process must be taken for alive.
     *
     * @return false only if it is known to be dead
     */
    public boolean isAlive() {
        return life() != Life.DEAD;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProcessIdentity && toString().equals(other.toString());
    }

    @Override
    public int hashCode() {
        return Long.hashCode(pid * 31 + startTime);
    }

    /** As {@link #parse} reads it: boot id, PID namespace, pid and start time, with colons between them. */
    @Override
    public String toString() {
        return bootId + ":" + pidNamespace + ":" + pid + ":" + startTime;
    }

    /** The text behind the command name, which may itself contain blanks and parentheses. */
    private static String[] fields(String stat) {
        return stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ");
    }

    private static boolean isRunning(String stat) {
        String state = fields(stat)[0];
        return !state.isEmpty() && !"ZXx".contains(state);
    }

    private static long startTime(String stat) {
        String[] fields = fields(stat);
        return fields.length > 19 ? Long.parseLong(fields[19]) : 0;
    }

    private static long namespace() {
        try {
            // pid:[4026531836]
            String target = Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
            return Long.parseLong(target.substring(target.indexOf('[') + 1, target.indexOf(']')));
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException
                | UnsupportedOperationException e) {
            return 0;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
