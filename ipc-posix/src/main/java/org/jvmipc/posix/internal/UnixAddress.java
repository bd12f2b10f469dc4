package org.jvmipc.posix.internal;

import java.nio.ByteBuffer;

/** The layout of {@code struct sockaddr_un}. */
public final class UnixAddress {

    /** Its size in bytes. */
    public static final int SIZE = 110;

    private static final short AF_UNIX = 1;
    private static final int MAX_NAME = 107;

    private UnixAddress() {
    }

    /**
     * Writes an address.
     *
     * @param struct at least {@link #SIZE} bytes, in native order
     * @param address a path, or {@code @name} for the abstract name space
     * @return the length to tell the kernel
     * @throws IllegalArgumentException if the address is empty or too long
     */
    public static int put(ByteBuffer struct, String address) {
        byte[] name = CString.bytes(address);
        boolean isAbstract = address.startsWith("@");
        if (name.length == 0 || isAbstract && name.length == 1) {
            throw new IllegalArgumentException("The address of a Unix socket must not be empty");
        }
        if (name.length > MAX_NAME) {
            throw new IllegalArgumentException("The address of a Unix socket has at most " + MAX_NAME
                    + " bytes, this has " + name.length + ": " + address);
        }
        struct.clear();
        struct.putShort(AF_UNIX).put(name).put((byte) 0);
        if (isAbstract) {
            struct.put(2, (byte) 0);
            return 2 + name.length; // no terminator: it would be part of the name
        }
        return 2 + name.length + 1;
    }

    /**
     * Reads an address.
     *
     * @param struct as the kernel wrote it
     * @param length as the kernel told
     * @return a path, {@code @name}, or {@code ""} for a socket without address
     */
    public static String get(ByteBuffer struct, int length) {
        if (length <= 2) {
            return "";
        }
        boolean isAbstract = struct.get(2) == 0;
        int end = Math.min(length, SIZE);
        int stop = isAbstract ? 3 : 2;
        while (stop < end && (isAbstract || struct.get(stop) != 0)) {
            stop++;
        }
        byte[] name = new byte[stop - 2];
        struct.get(2, name);
        if (isAbstract) {
            name[0] = '@';
        }
        return CString.toString(name);
    }
}
