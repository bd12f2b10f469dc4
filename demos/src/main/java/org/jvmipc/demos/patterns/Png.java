package org.jvmipc.demos.patterns;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.IntBinaryOperator;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/** Writes pictures as PNG (ISO/IEC 15948): 8 bits for each of red, green and blue. */
final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int BITS = 8;
    private static final int RGB = 2;
    private static final int HEADER = 13;
    private static final int CHUNK_FRAME = 12;

    private Png() {
    }

    /** Writes a new file; the function tells the colour 0xRRGGBB of a pixel. */
    static void write(Path file, int width, int height, IntBinaryOperator colour) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream lines = new DeflaterOutputStream(packed)) {
            for (int y = 0; y < height; y++) {
                ByteBuffer line = ByteBuffer.allocate(1 + 3 * width);
                // A line begins with its filter, which is none.
                line.put((byte) 0);
                for (int x = 0; x < width; x++) {
                    int rgb = colour.applyAsInt(x, y);
                    line.put((byte) (rgb >> 16)).put((byte) (rgb >> 8)).put((byte) rgb);
                }
                lines.write(line.array());
            }
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(SIGNATURE);
        // Deflate, the standard filters, not interlaced.
        all.write(chunk("IHDR", ByteBuffer.allocate(HEADER).putInt(width).putInt(height)
                .put((byte) BITS).put((byte) RGB).put((byte) 0).put((byte) 0).put((byte) 0).array()));
        all.write(chunk("IDAT", packed.toByteArray()));
        all.write(chunk("IEND", new byte[0]));
        Files.write(file, all.toByteArray(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private static byte[] chunk(String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 sum = new CRC32();
        sum.update(name);
        sum.update(data);
        return ByteBuffer.allocate(CHUNK_FRAME + data.length).putInt(data.length).put(name).put(data)
                .putInt((int) sum.getValue()).array();
    }
}
