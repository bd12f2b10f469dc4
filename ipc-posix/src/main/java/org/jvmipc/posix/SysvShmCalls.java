package org.jvmipc.posix;

import java.nio.ByteBuffer;
import org.jvmipc.posix.internal.NativeBuffer;
import org.jvmipc.posix.internal.NativeBufferPool;
import org.jvmipc.posix.internal.calls.SysvShmLib;

/**
 * Shared memory of System V, which {@code ipcs -m} shows. Errors are returned as {@code -errno}. All methods may be
 * called from any thread and throw {@link UnsupportedOperationException} where native calls do not work.
 * {@link #detach} is as sharp as in C: an access after it ends the process.
 */
public final class SysvShmCalls {

    /** The key of memory that is found by its number alone. */
    public static final int IPC_PRIVATE = 0;
    /** {@link #get}: create if missing. */
    public static final int IPC_CREAT = 01000;
    /** {@link #get}: fail if it exists. */
    public static final int IPC_EXCL = 02000;
    /** {@link #attach}: for reading only. */
    public static final int SHM_RDONLY = 010000;

    private static final int IPC_RMID = 0;
    private static final int IPC_STAT = 2;
    /** The size of {@code struct shmid_ds} is 112 with the C library's padding. */
    private static final int STATUS_SIZE = 128;
    private static final NativeBufferPool STRUCTS = new NativeBufferPool(4, STATUS_SIZE, STATUS_SIZE);

    private SysvShmCalls() {
    }

    /**
     * Finds or creates memory, {@code shmget(2)}.
     *
     * @param key its key, or {@link #IPC_PRIVATE} for a new one without
     * @param size in bytes; 0 to find it, whatever its size
     * @param flags {@code IPC_} bits and permission bits
     * @return its number, or {@code -errno}
     */
    public static int get(int key, long size, int flags) {
        return NativeLibrary.result(lib().shmget(key, size, flags));
    }

    /**
     * Maps memory where the kernel likes, {@code shmat(2)}.
     *
     * @param id its number
     * @param flags 0 or {@link #SHM_RDONLY}
     * @return the address, or {@code -errno}
     */
    public static long attach(int id, int flags) {
        return NativeLibrary.result(lib().shmat(id, 0, flags));
    }

    /**
     * Unmaps memory, {@code shmdt(2)}. No buffer over it may be used any more.
     *
     * @param address from {@link #attach}
     * @return 0 or {@code -errno}
     */
    public static int detach(long address) {
        return NativeLibrary.result(lib().shmdt(address));
    }

    /**
     * Has the memory vanish when nobody has it mapped any more; from now on its key does not find it.
     *
     * @param id its number
     * @return 0 or {@code -errno}
     */
    public static int remove(int id) {
        return NativeLibrary.result(lib().shmctl(id, IPC_RMID, 0));
    }

    /**
     * Describes memory, {@code shmctl(IPC_STAT)}.
     *
     * @param id its number
     * @param result receives the description
     * @return 0 or {@code -errno}
     */
    public static int stat(int id, SysvShmStatus result) {
        NativeBuffer struct = STRUCTS.take(STATUS_SIZE);
        try {
            int error = NativeLibrary.result(lib().shmctl(id, IPC_STAT, struct.address()));
            if (error >= 0) {
                // The layout of the 64-bit Linux ABI, the same on x86-64 and arm64.
                ByteBuffer b = struct.buffer();
                result.set(b.getInt(0), b.getInt(4), b.getInt(12), b.getInt(20) & 0xffff, b.getLong(48), b.getInt(80),
                        b.getLong(88));
            }
            return Math.min(error, 0);
        } finally {
            STRUCTS.give(struct);
        }
    }

    private static SysvShmLib lib() {
        SysvShmLib lib = Holder.LIB;
        return lib != null ? lib : NativeLibrary.load(SysvShmLib.class);
    }

    private static final class Holder {
        static final SysvShmLib LIB = NativeLibrary.loadOrNull(SysvShmLib.class);
    }
}
