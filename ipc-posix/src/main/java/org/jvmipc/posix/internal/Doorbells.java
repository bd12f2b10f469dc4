package org.jvmipc.posix.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jvmipc.IpcException;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.FileStatus;
import org.jvmipc.posix.FutexCalls;
import org.jvmipc.posix.IpcHome;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.posix.MemoryCalls;
import org.jvmipc.posix.NativeLibrary;
import org.jvmipc.posix.ProcessIdentity;

/**
 * Words by which a process is woken that waits for more words than the kernel lets it sleep on: the file {@code bells}
 * in {@link IpcHome}, one for all processes of a user. A process has the word that its number leads to; two may have
 * the same, and wake for nothing then. Whoever signals a word finds in its announcement which bell to ring as well.
 *
 * <p>The last process to leave the directory marks the file as gone, rings all bells and unlinks it; whoever has it
 * mapped sees the mark before the next use and opens the next one. As the mark comes first, and only who holds the
 * file's lock takes its name away, nobody waits at a file in which others do not ring.
 */
public final class Doorbells {

    /** How many there are; their numbers begin at 1. */
    public static final int COUNT = 14;
    /** In place of a number: all of them. */
    public static final int ALL = 15;

    static final String NAME = "bells";
    static final int SIZE = 4096;
    static final int VERSION = 1;
    static final int LAYOUT_VERSION = 0;
    static final int GONE = 4;
    static final int LINE = 128;

    private static final int MAX_ATTEMPTS = 100;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int OPEN =
            FileCalls.O_RDWR | FileCalls.O_NOFOLLOW | FileCalls.O_CLOEXEC | FileCalls.O_NONBLOCK;
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    /** What this process rings; null before the first time. */
    private static volatile Doorbells known;
    /** When the last attempt to make them failed. */
    private static volatile long failed = System.nanoTime() - PAUSE_NANOS;

    /** Stays mapped, as others may be about to ring. */
    private final ByteBuffer memory;
    private final long address;

    private Doorbells(long address) {
        this.address = address;
        this.memory = MemoryCalls.wrap(address, SIZE);
    }

    /**
     * Returns the bells, making them if need be. As they go when no process has a life sign, this gives one to this
     * process.
     *
     * @return null if they cannot be had now
     */
    public static Doorbells open() {
        if (System.nanoTime() - failed < PAUSE_NANOS) {
            return null;
        }
        Doorbells bells = null;
        try {
            LifeSign.own();
            bells = LifeFiles.beside(life -> present(true)); // not when that is gone: nobody would remove them
        } catch (IpcException | UncheckedIOException | IOException | UnsupportedOperationException
                | IllegalStateException e) {
            // No directory to trust, or the process is ending.
            bells = null;
        }
        if (bells == null) {
            failed = System.nanoTime();
        }
        return bells;
    }

    /**
     * Rings a bell, if there is one. Makes nothing: whoever waits at it has made it.
     *
     * @param number from an announcement
     */
    public static void ring(int number) {
        Doorbells bells = known;
        if (bells == null || bells.isGone()) {
            try {
                bells = present(false);
            } catch (IpcException | UncheckedIOException | UnsupportedOperationException e) {
                return; // the one who waits there looks by himself
            }
        }
        if (bells != null) {
            bells.strike(number);
        }
    }

    /**
     * Tells which bell is that of this process.
     *
     * @return from 1 to {@link #COUNT}
     */
    public static int own() {
        return 1 + (int) (ProcessIdentity.current().pid() % COUNT);
    }

    /**
     * Tells which bells to ring for those who wait at two.
     *
     * @param one a number, or 0 for none
     * @param other a number, or 0 for none
     * @return a number, or 0 for none
     */
    public static int merge(int one, int other) {
        return one == 0 || one == other ? other : other == 0 ? one : ALL;
    }

    /** Removes the file. To be called when no process has a life sign in the directory. */
    public static void remove() {
        String path = path();
        if (Files.notExists(Path.of(path)) || !NativeLibrary.isAvailable()) {
            return;
        }
        int fd = FileCalls.open(path, OPEN, 0);
        if (fd < 0) {
            return;
        }
        try {
            if (FileCalls.flock(fd, FileCalls.LOCK_EX) == 0) {
                Doorbells bells = map(fd);
                if (bells != null) {
                    INT.setVolatile(bells.memory, GONE, 1);
                    bells.strike(ALL);
                    LifeFiles.removeIfSame(fd, path);
                    bells.unmap();
                }
            }
        } finally {
            FileCalls.close(fd);
        }
    }

    /**
     * Tells whether the file was removed: then nobody rings here any more.
     *
     * @return whether another one is to be opened
     */
    boolean isGone() {
        return (int) INT.getVolatile(memory, GONE) != 0;
    }

    /** The value of a bell, which changes whenever it is rung. */
    int value(int number) {
        return (int) INT.getVolatile(memory, number * LINE);
    }

    /** Where the word of a bell is. */
    long address(int number) {
        return address + number * LINE;
    }

    private void strike(int number) {
        int first = number == ALL ? 1 : number;
        int last = number == ALL ? COUNT : number;
        for (int bell = first; bell <= last; bell++) {
            INT.getAndAdd(memory, bell * LINE, 1);
            FutexCalls.wake(address(bell), Integer.MAX_VALUE);
        }
    }

    private static synchronized Doorbells present(boolean make) {
        Doorbells bells = known;
        if (bells != null && !bells.isGone()) {
            return bells;
        }
        // Whoever rings does not put this off: the one who waits may have made them just now.
        bells = find(make);
        known = bells;
        return bells;
    }

    private static Doorbells find(boolean make) {
        String path = path();
        for (int i = 0; i < MAX_ATTEMPTS; i++) {
            int fd = FileCalls.open(path, make ? OPEN | FileCalls.O_CREAT : OPEN, 0600);
            if (fd < 0 && fd != -Errno.EINTR) {
                return null;
            }
            if (fd >= 0) {
                try {
                    Doorbells bells = map(fd);
                    if (bells == null || !bells.isGone()) {
                        return bells;
                    }
                    bells.unmap();
                    if (!make) {
                        return null;
                    }
                    // Whoever has marked it may have died before taking its name away.
                    if (FileCalls.flock(fd, FileCalls.LOCK_EX) == 0) {
                        LifeFiles.removeIfSame(fd, path);
                    }
                } finally {
                    FileCalls.close(fd);
                }
            }
        }
        return null;
    }

    /** Zeros are a file without sleepers, so that it does not matter who gives it its size. */
    private static Doorbells map(int fd) {
        FileStatus status = new FileStatus();
        if (FileCalls.stat(fd, status) != 0 || !status.isRegular() || status.uid() != ProcessIdentity.effectiveUid()
                || status.size() < SIZE && FileCalls.posixFallocate(fd, 0, SIZE) != 0) {
            return null;
        }
        long address = MemoryCalls.map(fd, 0, SIZE, MemoryCalls.PROT_READ | MemoryCalls.PROT_WRITE,
                MemoryCalls.MAP_SHARED);
        if (address < 0) {
            return null;
        }
        Doorbells bells = new Doorbells(address);
        int version = (int) INT.compareAndExchange(bells.memory, LAYOUT_VERSION, 0, VERSION);
        if (version != 0 && version != VERSION) {
            bells.unmap();
            return null;
        }
        return bells;
    }

    /** Only before anybody else has seen it. */
    private void unmap() {
        MemoryCalls.unmap(address, SIZE);
    }

    private static String path() {
        return IpcHome.path().resolve(NAME).toString();
    }
}
