package org.jvmipc.posix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jvmipc.AccessRefusedException;

/**
 * The list of this user's named channels, one small file each in {@link IpcHome}, for tools and for finding a channel
 * by name. Plain Java; all methods may be called from any thread and process at the same time.
 *
 * <p>An entry appears complete or not at all. It says that somebody made a channel, not that it still works: whoever
 * removes the channel removes the entry.
 */
public final class Registry {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");
    private static final Pattern SCHEME = Pattern.compile("[a-z]{1,20}");
    private static final String PREFIX = "channel-";
    private static final String UNFINISHED = "new-";
    private static final Duration UNFINISHED_KEPT = Duration.ofMinutes(1);
    private static final int MAX_TEXT = 20_000;

    private Registry() {
    }

    /**
     * Checks the name of a channel. Touches no file.
     *
     * @param name the name
     * @return the same name
     * @throws IllegalArgumentException if it is not 1 to 100 of the characters A-Z a-z 0-9 . _ - with no dot in front
     */
    public static String checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Bad channel name \"" + name
                    + "\": allowed are 1 to 100 of the characters A-Z a-z 0-9 . _ - and no dot in front");
        }
        return name;
    }

    /**
     * Adds an entry.
     *
     * @param entry what to add
     * @return false if there is one with this scheme and name already; it is left as it is
     * @throws IllegalArgumentException if scheme or name are not allowed; no file is touched
     * @throws AccessRefusedException if {@link IpcHome} cannot be trusted
     * @throws UncheckedIOException if the file cannot be made
     */
    public static boolean create(Entry entry) {
        String file = fileName(entry.scheme(), entry.name());
        byte[] text = ("jvmipc-channel 1\npath=" + escape(entry.path()) + "\ncreator=" + entry.creator() + "\n")
                .getBytes(StandardCharsets.UTF_8);
        while (true) {
            Path home = IpcHome.open();
            Path unfinished = home.resolve(UNFINISHED + UUID.randomUUID());
            try {
                write(unfinished, text);
                Files.createLink(home.resolve(file), unfinished);
                return true;
            } catch (FileAlreadyExistsException e) {
                return false;
            } catch (NoSuchFileException e) {
                // Somebody else found the directory empty and removed it: once more from the start.
                continue;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                delete(unfinished);
            }
        }
    }

    /**
     * Finds an entry.
     *
     * @param scheme the scheme
     * @param name the name
     * @return the entry, or empty if there is none or it cannot be read
     * @throws IllegalArgumentException if scheme or name are not allowed
     */
    public static Optional<Entry> find(String scheme, String name) {
        return read(IpcHome.path().resolve(fileName(scheme, name)));
    }

    /**
     * Lists all entries that can be read.
     *
     * @return entries, in no order
     * @throws UncheckedIOException if the directory exists and cannot be read
     */
    public static List<Entry> list() {
        List<Entry> entries = new ArrayList<>();
        for (Path file : files(PREFIX)) {
            read(file).ifPresent(entries::add);
        }
        return entries;
    }

    /**
     * Removes an entry, and {@link IpcHome} if it is empty then.
     *
     * @param scheme the scheme
     * @param name the name
     * @return false if there was none
     * @throws IllegalArgumentException if scheme or name are not allowed
     * @throws UncheckedIOException if it cannot be removed
     */
    public static boolean remove(String scheme, String name) {
        boolean removed = delete(IpcHome.path().resolve(fileName(scheme, name)));
        for (Path left : files(UNFINISHED)) {
            removeIfOld(left);
        }
        IpcHome.removeIfEmpty();
        return removed;
    }

    private static String fileName(String scheme, String name) {
        if (!SCHEME.matcher(scheme).matches()) {
            throw new IllegalArgumentException("Bad scheme \"" + scheme + "\": allowed are 1 to 20 letters a-z");
        }
        return PREFIX + scheme + "-" + checkName(name);
    }

    private static void write(Path file, byte[] text) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static Optional<Entry> read(Path file) {
        String[] name = file.getFileName().toString().substring(PREFIX.length()).split("-", 2);
        try {
            if (name.length != 2 || Files.size(file) > MAX_TEXT) {
                return Optional.empty();
            }
            String[] lines = Files.readString(file, StandardCharsets.UTF_8).split("\n");
            if (lines.length < 3 || !lines[1].startsWith("path=") || !lines[2].startsWith("creator=")) {
                return Optional.empty();
            }
            return Optional.of(new Entry(name[0], name[1], unescape(lines[1].substring("path=".length())),
                    lines[2].substring("creator=".length())));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static List<Path> files(String prefix) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(IpcHome.path(), prefix + "*")) {
            files.forEach(found::add);
        } catch (NoSuchFileException e) {
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static boolean delete(Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process killed while it made an entry leaves a file under a name that nobody uses again. */
    private static void removeIfOld(Path file) {
        try {
            if (Files.getLastModifiedTime(file).toInstant().isBefore(Instant.now().minus(UNFINISHED_KEPT))) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            return; // its maker was faster
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n");
    }

    private static String unescape(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                i++;
                c = text.charAt(i) == 'n' ? '\n' : text.charAt(i);
            }
            out.append(c);
        }
        return out.toString();
    }

    /** A named channel, as its creator described it. Immutable. */
    public static final class Entry {
        private final String scheme;
        private final String name;
        private final String path;
        private final String creator;

        /**
         * Creates it; it is checked when it is added.
         *
         * @param scheme for example {@code shm}
         * @param name the channel's name
         * @param path where the channel's file is
         * @param creator the life sign ({@link LifeSign#name}) or identity ({@link ProcessIdentity#toString}) of who
         *        made it; one line
         */
        public Entry(String scheme, String name, String path, String creator) {
            this.scheme = scheme;
            this.name = name;
            this.path = path;
            this.creator = creator;
        }

        /**
         * Returns the scheme.
         *
         * @return for example {@code shm}
         */
        public String scheme() {
            return scheme;
        }

        /**
         * Returns the name.
         *
         * @return the name within the scheme
         */
        public String name() {
            return name;
        }

        /**
         * Returns where the channel's file is.
         *
         * @return a path
         */
        public String path() {
            return path;
        }

        /**
         * Returns who made it.
         *
         * @return the name of a life sign, or a process identity
         */
        public String creator() {
            return creator;
        }

        @Override
        public String toString() {
            return scheme + ":" + name;
        }
    }
}
