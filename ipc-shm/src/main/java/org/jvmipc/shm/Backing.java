package org.jvmipc.shm;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What the memory of a segment is made of, and what stands for it: a file, a key of System V, a descriptor. */
interface Backing {
    /** {@code posix}, {@code file}, {@code sysv} or {@code memfd}. */
    String kind();

    /** What stands for the memory, for messages. */
    String name();

    /**
     * Opens what exists, for this user alone, or makes it. What was made has no size yet.
     *
     * @return null if it does not exist, or if it was to be made and exists
     * @throws org.jvmipc.AccessRefusedException if somebody else may have put it there or may change it
     * @throws org.jvmipc.IpcTimeoutException if other threads are busy with it until the deadline
     */
    Handle open(boolean create, long deadline) throws IOException;

    /** Whether the memory can be found by its name, and so be left behind, and removed. */
    default boolean hasName() {
        return true;
    }

    /** The descriptor to hand over. */
    default int descriptor() {
        throw new UnsupportedOperationException(name() + " has no descriptor to hand over; memfd has one");
    }

    /** The number of System V for this memory. */
    default int systemVId() {
        throw new UnsupportedOperationException(name() + " is no System V segment");
    }

    /** Gives back what was kept open for the segment. */
    default void release() {
        // Most keep nothing.
    }

    /**
     * Memory that is being created, attached to, left or removed: open for a short time, to one at a time once it has
     * the lock. The lock ends with {@link #close}, or with the process.
     */
    interface Handle extends AutoCloseable {
        /**
         * Excludes all others.
         *
         * @throws org.jvmipc.IpcTimeoutException if somebody else has the lock until the deadline
         */
        void lock(long deadline) throws IOException;

        /** Whether the name still stands for this memory; it does until this is closed, if so under the lock. */
        boolean isCurrent() throws IOException;

        /** Equal for the same memory, as long as somebody has it mapped. */
        Object identity() throws IOException;

        /** Whether there is nothing in it that could be somebody's: it was just made, or its creator died then. */
        boolean isBlank() throws IOException;

        /** How large it is, 0 if it was just made. */
        long size() throws IOException;

        /** A private direct copy of the first bytes, in native byte order, or of as many as there are. */
        ByteBuffer read(int bytes) throws IOException;

        /**
         * Gives it its size, with every page backed, so that no later access can fail for want of memory.
         *
         * @param size in bytes
         * @param first what stands at its beginning before all else; the rest is zeros
         * @throws org.jvmipc.NoSpaceException if there is not that much; nothing is left
         */
        void back(long size, byte[] first) throws IOException;

        /** Maps it; the windows stay mapped while they, or buffers made from them, can be reached. */
        ByteBuffer[] map(Windows windows) throws IOException;

        /** How many mappings of it the kernel knows; -1 if it does not tell. */
        default long mappings() {
            return -1;
        }

        /** Removes the name. Those who have the memory mapped keep it. */
        void unlink() throws IOException;

        @Override
        void close() throws IOException;
    }
}
