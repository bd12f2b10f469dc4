package org.jvmipc.mq.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.jvmipc.Address;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.spi.OptionValues;

/** The key of a System V queue: a number, or what {@code ftok(3)} makes of a file and a small number. */
public final class SysvKey {
    private static final Pattern DECIMAL = Pattern.compile("[1-9]\\d{0,9}");
    private static final Pattern HEXADECIMAL = Pattern.compile("0[xX][0-9a-fA-F]{1,8}");
    private static final long LARGEST = 0xffff_ffffL;

    private SysvKey() {
    }

    /** Checks without looking at any file. */
    static void check(Address address, OptionValues values) {
        String name = address.name();
        boolean path = name.startsWith("/");
        if (path != values.isGiven("id")) {
            throw new IllegalArgumentException(path
                    ? "the file " + name + " makes a key for sysvmq: with a number only: sysvmq:" + name + "?id=1, 1 to"
                            + " 255, as ftok(3) takes it"
                    : "id goes with a file only, as in sysvmq:/path?id=1; " + address + " has a key of its own");
        }
        if (!path && (!DECIMAL.matcher(name).matches() && !HEXADECIMAL.matcher(name).matches()
                || Long.decode(name) > LARGEST || Long.decode(name) == 0)) {
            throw new IllegalArgumentException("\"" + name + "\" is no key for sysvmq:, which takes 1 to " + LARGEST
                    + ", in hexadecimal digits behind 0x too, or the path of a file with id= (ftok)");
        }
        if (path && name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("\"" + name + "\" is no path for sysvmq:");
        }
    }

    static int of(Address address, OptionValues values) {
        String name = address.name();
        return name.startsWith("/") ? ftok(Path.of(name), Math.toIntExact(values.size("id")))
                : Long.decode(name).intValue();
    }

    /**
     * What {@code ftok(3)} of the C library on Linux makes.
     *
     * @param file a file or directory that exists
     * @param id 1 to 255
     * @return the key
     * @throws ChannelNotFoundException if there is no such file
     */
    public static int ftok(Path file, int id) {
        if (id < 1 || id > 255) {
            throw new IllegalArgumentException("the number for ftok is " + id + ", allowed are 1 to 255");
        }
        try {
            Map<String, Object> found = Files.readAttributes(file, "unix:dev,ino");
            long device = (Long) found.get("dev");
            long inode = (Long) found.get("ino");
            return (int) (inode & 0xffff | (device & 0xff) << 16 | (long) id << 24);
        } catch (NoSuchFileException absent) {
            throw new ChannelNotFoundException("sysvmq:" + file + ": there is no such file to make a key of; make it"
                    + " first, and leave it as long as the queue is used");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at " + file, e);
        }
    }
}
