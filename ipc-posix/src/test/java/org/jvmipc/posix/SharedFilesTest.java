package org.jvmipc.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.NoSpaceException;

@Timeout(60)
class SharedFilesTest {

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void madeOnceForTheOwnerAloneAndFull(boolean plain) throws Exception {
        Path file = dir.resolve("segment");
        try (FileChannel channel = create(plain, file, 100_000)) {
            assertEquals(100_000, channel.size());
            assertEquals(0, channel.position());
            MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, 0, 100_000);
            map.put(99_999, (byte) 1);
            assertEquals(0, map.get(50_000));
        }
        assertEquals(0100600, Files.getAttribute(file, "unix:mode"));
        assertTrue(blocks(file) * 512 >= 100_000, "every page is backed");
        assertThrows(FileAlreadyExistsException.class, () -> create(plain, file, 10));
        assertEquals(100_000, Files.size(file));
        try (FileChannel channel = SharedFiles.open(file, 100_000)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            channel.read(last, 99_999);
            assertEquals(1, last.get(0));
        }
        assertThrows(IllegalArgumentException.class, () -> create(plain, dir.resolve("empty"), 0));
        assertThrows(NoSuchFileException.class, () -> create(plain, dir.resolve("none/x"), 1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void neverFollowsALink(boolean plain) throws Exception {
        Path target = dir.resolve("target");
        Path link = Files.createSymbolicLink(dir.resolve("link"), target);
        assertThrows(FileAlreadyExistsException.class, () -> create(plain, link, 10));
        assertFalse(Files.exists(target));
    }

    @Test
    void opensOnlyWhatNobodyElseCanHaveTouched() throws Exception {
        Path file = dir.resolve("segment");
        assertThrows(NoSuchFileException.class, () -> SharedFiles.open(file, 1));
        SharedFiles.create(file, 4096).close();
        refused(file, 4097, "4097");
        SharedFiles.open(file, 0).close();
        Path second = Files.createLink(dir.resolve("second"), file);
        refused(file, 1, "2 names");
        Files.delete(second);
        for (String mode : new String[] {"rw-r-----", "rw----r--", "rw-rw-rw-"}) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            refused(file, 1, "chmod 600");
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        refused(Files.createSymbolicLink(dir.resolve("link"), file), 1, "regular");
        refused(dir, 1, "regular");
        Path fifo = dir.resolve("fifo");
        assertEquals(0, FileCalls.mkfifo(fifo.toString(), 0600));
        refused(fifo, 1, "regular");
        if (ProcessIdentity.effectiveUid() == 0) {
            Files.setAttribute(file, "unix:uid", 12345);
            refused(file, 1, "12345");
        }
    }

    @Test
    void modeWhateverTheUmask() {
        for (String umask : new String[] {"000", "077", "777"}) {
            Child.run("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh", java(), "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Maker.class.getName(),
                    dir.resolve("umask" + umask).toString());
            for (String kind : new String[] {"native", "plain"}) {
                Path file = dir.resolve("umask" + umask + kind);
                assertEquals("rw-------", mode(file), umask + " " + kind);
            }
        }
    }

    @Test
    void fullFileSystemIsToldCleanly() {
        List<String> unshare = List.of("unshare", "--mount", "sh", "-c",
                "mount -t tmpfs -o size=1m tmpfs /dev/shm && exec \"$@\"", "sh");
        assumeTrue(ProcessIdentity.effectiveUid() == 0, "needs root to mount");
        List<String> arguments = List.of("-cp", System.getProperty("java.class.path"), Filler.class.getName());
        try (Child child = Child.startRaw(unshare, arguments, Map.of())) {
            for (String kind : new String[] {"native", "plain"}) {
                child.expect(kind + " /dev/shm/jvmipc-big 2097152 1048576 gone");
            }
            child.expect("call ENOSPC gone");
            assertEquals(0, child.exit());
        }
    }

    private static FileChannel create(boolean plain, Path file, long size) throws IOException {
        return plain ? SharedFiles.createPlain(file, size) : SharedFiles.create(file, size);
    }

    private static void refused(Path file, long size, String why) {
        AccessRefusedException e = assertThrows(AccessRefusedException.class, () -> SharedFiles.open(file, size));
        assertTrue(e.getMessage().contains(why) && e.getMessage().contains(file.toString()), e.getMessage());
    }

    private static long blocks(Path file) {
        return Long.parseLong(Child.run("stat", "-c", "%b", file.toString()).trim());
    }

    private static String mode(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Makes one file each way. */
    static final class Maker {
        public static void main(String[] args) throws IOException {
            SharedFiles.create(Path.of(args[0] + "native"), 10).close();
            SharedFiles.createPlain(Path.of(args[0] + "plain"), 10).close();
        }
    }

    /** Asks for more than there is. */
    static final class Filler {
        public static void main(String[] args) throws IOException {
            Path file = Path.of("/dev/shm/jvmipc-big");
            for (boolean plain : new boolean[] {false, true}) {
                try {
                    SharedFilesTest.create(plain, file, 2 << 20);
                } catch (NoSpaceException e) {
                    System.out.println((plain ? "plain " : "native ") + e.path() + " " + e.wantedBytes() + " "
                            + e.freeBytes() + (Files.exists(file) ? " left" : " gone"));
                }
            }
            int fd = FileCalls.open(file.toString(), FileCalls.O_RDWR | FileCalls.O_CREAT, 0600);
            int error = FileCalls.posixFallocate(fd, 0, 2 << 20);
            FileCalls.unlink(file.toString());
            System.out.println("call " + Errno.name(error) + (Files.exists(file) ? " left" : " gone"));
        }
    }
}
