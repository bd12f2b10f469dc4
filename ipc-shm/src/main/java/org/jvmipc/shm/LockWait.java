package org.jvmipc.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.posix.KernelLocks;

/**
 * One thread's wait for the lock of a segment's file, which another process has. Patience is for one that gets on with
 * nothing: while the lock goes from one to the next, or the file grows, as in the hands of who makes a large one, it
 * begins anew, up to a limit. Who has the lock is asked of the kernel, which tells of its own PID namespace; where it
 * does not tell, patience is all there is.
 *
 * <p>The lock is asked for again and again, at growing intervals: in the kernel's own queue of those who wait, this
 * process could be told of a deadlock where there is none, as the kernel does not look at which thread waits for what.
 */
final class LockWait {
    /** How many times the patience it takes at most. */
    private static final int MOST_PATIENCES = 10;
    private static final long SHORTEST_NANOS = 500_000;
    private static final long LONGEST_NANOS = 4_000_000;
    /** It is the size of the kernel's list of locks that this costs. */
    private static final long LOOK_NANOS = 50_000_000;
    private static final String STOPPED = "Tt";

    private final Path path;
    private final FileChannel channel;
    private final long patience;
    private final long last;
    private long deadline;
    private long pause = SHORTEST_NANOS;
    private long nextLook;
    /** Who has the lock, 0 if unknown, and since when at least. */
    private long owner;
    private long since = System.nanoTime();
    private long size;

    /**
     * The wait begins.
     *
     * @param path the file, which may stand for another one by now
     * @param channel of the file
     * @param deadline until when one that gets on with nothing is waited for
     */
    LockWait(Path path, FileChannel channel, long deadline) throws IOException {
        this.path = path;
        this.channel = channel;
        this.deadline = deadline;
        this.patience = Math.max(0, deadline - since);
        this.last = since + MOST_PATIENCES * patience;
        this.nextLook = since + LOOK_NANOS;
        this.size = channel.size();
    }

    /**
     * Passes some time until the lock is worth another attempt.
     *
     * @throws IpcTimeoutException if the one who has it has run out of this thread's patience
     */
    void pause() throws IOException {
        long now = System.nanoTime();
        if (now - nextLook >= 0 || now - deadline >= 0) {
            look(now);
            nextLook = now + LOOK_NANOS;
        }
        if (now - deadline >= 0) {
            throw new IpcTimeoutException(path + " is being created, attached to or left by " + owner(now)
                    + "; if it is stopped, let it go on or end it");
        }
        LockSupport.parkNanos(Math.min(pause, deadline - now));
        pause = Math.min(2 * pause, LONGEST_NANOS);
    }

    private void look(long now) throws IOException {
        long before = owner;
        long sizeBefore = size;
        owner = KernelLocks.read().owner(path);
        size = channel.size();
        if (before != 0 && owner != before) {
            since = now;
        }
        if (before != 0 && owner != before || size > sizeBefore) {
            long renewed = now + patience;
            deadline = renewed - last < 0 ? renewed : last;
        }
    }

    private String owner(long now) throws IOException {
        String time = String.format(Locale.ROOT, "for %.1f s", (now - since) / 1e9);
        if (owner != 0) {
            return "another process, pid " + owner + ", which " + (isStopped() ? "is stopped, and " : "")
                    + "has not let go of it " + time;
        }
        return "another process" + creator() + ", which has not let go of it " + time;
    }

    /** Who began to make it, if it is not finished: it may well be the one. */
    private String creator() throws IOException {
        ByteBuffer header = SegmentFile.read(channel, SegmentLayout.HEADER_SIZE);
        long pid = header.limit() > SegmentLayout.CREATOR_PID + 8 && header.getLong(SegmentLayout.STATE) == 0
                ? header.getLong(SegmentLayout.CREATOR_PID) : 0;
        return pid > 0 ? " (created by pid " + pid + ")" : "";
    }

    private boolean isStopped() {
        try {
            String stat = Files.readString(Path.of("/proc/" + owner + "/stat"));
            // The name in parentheses may hold anything.
            return STOPPED.indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0;
        } catch (IOException | StringIndexOutOfBoundsException gone) {
            return false;
        }
    }
}
