package org.jvmipc.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * How memory that is larger than a buffer can be is mapped as several: a window begins at every multiple of the stride
 * and reaches almost to the end of the next one. So whatever is no longer than {@link #most} lies within the window
 * in which it begins.
 *
 * @param size of the memory in bytes
 * @param stride from one window to the next, in bytes, a multiple of {@link #PAGE} that the header fits into
 */
record Windows(long size, int stride) {
    static final int PAGE = 4096;
    /** Two of these, less a page, are as much as a buffer takes. */
    static final int STRIDE = 1 << 30;

    int count() {
        return (int) ((size + stride - 1) / stride);
    }

    long start(int window) {
        return (long) window * stride;
    }

    int length(int window) {
        return (int) Math.min(size - start(window), 2L * stride - PAGE);
    }

    int windowOf(long position) {
        return (int) (position / stride);
    }

    /** The longest piece that can begin anywhere. */
    int most() {
        return stride - PAGE;
    }

    ByteBuffer[] map(FileChannel channel) throws IOException {
        ByteBuffer[] mapped = new ByteBuffer[count()];
        for (int i = 0; i < mapped.length; i++) {
            mapped[i] = channel.map(FileChannel.MapMode.READ_WRITE, start(i), length(i)).order(ByteOrder.nativeOrder());
        }
        return mapped;
    }
}
