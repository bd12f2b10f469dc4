package org.jvmipc.testkit.contract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Random;

/** A long row of bytes, each of which follows from its place, so that one that is lost, doubled or moved shows. */
final class Bytes {
    private Bytes() {
    }

    static byte at(long place) {
        return (byte) (place * 31 + (place >>> 8) * 17 + (place >>> 16) * 7);
    }

    static ByteBuffer from(long place, int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        for (int i = 0; i < count; i++) {
            bytes.put(at(place + i));
        }
        return bytes.flip();
    }

    /** Checks the bytes from position to limit. */
    static void check(long place, ByteBuffer bytes) {
        for (int i = 0; bytes.hasRemaining(); i++) {
            byte found = bytes.get();
            if (found != at(place + i)) {
                throw new AssertionError("byte " + (place + i) + " is " + found + " instead of " + at(place + i));
            }
        }
    }

    /** Writes a row in pieces of random sizes. */
    static void write(WritableByteChannel sink, long from, long count, int largest, long seed) throws IOException {
        Random random = new Random(seed);
        for (long done = 0; done < count;) {
            int size = (int) Math.min(count - done, 1 + random.nextInt(largest));
            ByteBuffer piece = from(from + done, size);
            int written = sink.write(piece);
            if (written != size || piece.hasRemaining()) {
                throw new AssertionError("write took " + written + " of " + size + " bytes, " + piece.remaining()
                        + " remain");
            }
            done += size;
        }
    }

    /** Reads and checks a row in pieces of random sizes. */
    static void read(ReadableByteChannel source, long from, long count, int largest, long seed) throws IOException {
        Random random = new Random(seed);
        for (long done = 0; done < count;) {
            int room = (int) Math.min(count - done, 1 + random.nextInt(largest));
            ByteBuffer piece = random.nextBoolean() ? ByteBuffer.allocate(room) : ByteBuffer.allocateDirect(room);
            int read = source.read(piece);
            if (read <= 0 || read != piece.position()) {
                throw new AssertionError("read returned " + read + " with " + piece.position() + " bytes after "
                        + done + " of " + count);
            }
            check(from + done, piece.flip());
            done += read;
        }
    }
}
