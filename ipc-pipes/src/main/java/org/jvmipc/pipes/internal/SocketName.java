package org.jvmipc.pipes.internal;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jvmipc.Address;

/**
 * The name of a socket: an absolute path, or {@code @} and a name in Linux's abstract space.
 *
 * @param text as in the address
 * @param path the path, or null for an abstract name
 */
record SocketName(String text, Path path) {
    /** The kernel's {@code sun_path} has 108 bytes, one of them for a NUL; the JDK leaves another one free. */
    static final int LONGEST = 106;
    private static final Charset FILE_NAMES = fileNames();

    static SocketName of(Address address) {
        String name = address.name();
        int length = length(name);
        if (length > LONGEST) {
            throw new IllegalArgumentException(address + ": the socket name has " + length
                    + " bytes, and at most " + LONGEST + " of the kernel's 108 can be used;"
                    + " use a shorter directory or name");
        }
        if (name.startsWith("@")) {
            if (name.length() == 1) {
                throw new IllegalArgumentException("\"" + address + "\" has no name after the @; write unix:@name");
            }
            return new SocketName(name, null);
        }
        return new SocketName(name, absolute(address));
    }

    /** The path that an address names. */
    static Path absolute(Address address) {
        String name = address.name();
        try {
            if (name.startsWith("/") && !name.endsWith("/") && Path.of(name).getFileName() != null) {
                return Path.of(name);
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("\"" + name + "\" cannot be the path of a file in this process: "
                    + e.getReason() + "; use other characters, or start it with LC_ALL=C.UTF-8 (file names are in "
                    + FILE_NAMES + ")", e);
        }
        throw new IllegalArgumentException("\"" + name + "\" is no absolute path of a file; write "
                + address.scheme() + ":/directory/name");
    }

    boolean isAbstract() {
        return path == null;
    }

    static int length(String name) {
        return name.getBytes(FILE_NAMES).length;
    }

    private static Charset fileNames() {
        String name = System.getProperty("sun.jnu.encoding");
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    }
}
