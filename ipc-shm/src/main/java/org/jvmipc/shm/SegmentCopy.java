package org.jvmipc.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A file of a segment, read in pieces. It is never mapped: whatever others do to the file meanwhile, a read gives what
 * is there, or less.
 */
final class SegmentCopy implements AutoCloseable {
    private final FileChannel channel;
    private final long size;

    SegmentCopy(Path file) throws IOException {
        this.channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        this.size = channel.size();
    }

    /** The bytes that it had at first. */
    long size() {
        return size;
    }

    /** Reads a piece, or as much of it as there is; limit tells how much. */
    ByteBuffer read(long at, int bytes) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        fill(piece, at);
        return piece.flip().order(ByteOrder.nativeOrder());
    }

    /** Reads into a buffer from its position to its limit. */
    void fill(ByteBuffer into, long at) throws IOException {
        long next = at;
        while (into.hasRemaining()) {
            int count = channel.read(into, next);
            if (count < 0) {
                return;
            }
            next += count;
        }
    }

    /** Reads a word anew; 0 if it is not there any more. */
    long word(long at) throws IOException {
        ByteBuffer word = read(at, Long.BYTES);
        return word.limit() == Long.BYTES ? word.getLong(0) : 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
