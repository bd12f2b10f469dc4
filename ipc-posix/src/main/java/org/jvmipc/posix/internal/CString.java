package org.jvmipc.posix.internal;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Strings as C wants them. */
public final class CString {

    private static final Charset FILE_NAMES = fileNames();

    private CString() {
    }

    /**
     * Encodes a path as {@code java.nio.file} does, with a NUL at the end.
     *
     * @param path a path or name
     * @return its bytes
     * @throws IllegalArgumentException if it contains a NUL, which would silently cut it off
     */
    public static byte[] of(String path) {
        byte[] bytes = bytes(path);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    /**
     * Encodes a path as {@code java.nio.file} does.
     *
     * @param path a path or name
     * @return its bytes, without a NUL
     * @throws IllegalArgumentException if it contains a NUL
     */
    public static byte[] bytes(String path) {
        if (path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("A path must not contain a NUL character");
        }
        return path.getBytes(FILE_NAMES);
    }

    /**
     * Decodes what {@link #bytes} encoded.
     *
     * @param bytes an encoded path
     * @return the path
     */
    public static String toString(byte[] bytes) {
        return new String(bytes, FILE_NAMES);
    }

    private static Charset fileNames() {
        String name = System.getProperty("sun.jnu.encoding");
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    }
}
