package org.jvmipc.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.AccessRefusedException;

@Timeout(60)
class RegistryTest {

    @TempDir
    Path dir;

    private Path home;

    @BeforeEach
    void setHome() {
        home = dir.resolve("home");
        System.setProperty("ipc.home", home.toString());
    }

    @AfterEach
    void clearHome() {
        System.clearProperty("ipc.home");
    }

    @Test
    void entriesComeAndGo() throws Exception {
        assertEquals(List.of(), Registry.list());
        assertTrue(Registry.find("shm", "a-b").isEmpty());
        Registry.Entry entry = new Registry.Entry("shm", "a-b", "/dev/shm/x\ny\\n", "creator");
        assertTrue(Registry.create(entry));
        assertFalse(Registry.create(new Registry.Entry("shm", "a-b", "/other", "other")));
        assertTrue(Registry.create(new Registry.Entry("fifo", "a-b", "/f", "other")));
        Registry.Entry found = Registry.find("shm", "a-b").orElseThrow();
        assertEquals("shm:a-b", found.toString());
        assertEquals(entry.path(), found.path());
        assertEquals("creator", found.creator());
        assertEquals(2, Registry.list().size());
        try (var files = Files.list(home)) {
            assertEquals(2, files.count(), "nothing unfinished is left");
        }
        for (Path file : new Path[] {home.resolve("channel-shm-a-b"), home.resolve("channel-fifo-a-b")}) {
            assertEquals(0100600, Files.getAttribute(file, "unix:mode"));
        }
        assertTrue(Registry.remove("shm", "a-b"));
        assertFalse(Registry.remove("shm", "a-b"));
        assertEquals("fifo", Registry.list().get(0).scheme());
    }

    @Test
    void badNamesTouchNothing() {
        for (String name : new String[] {"", ".x", "a/b", "..", "a b", "ü", "x".repeat(101), "a\0", "a\n"}) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> Registry.checkName(name));
            assertTrue(e.getMessage().contains("A-Z"), e.getMessage());
            assertThrows(IllegalArgumentException.class,
                    () -> Registry.create(new Registry.Entry("shm", name, "/x", "c")));
            assertThrows(IllegalArgumentException.class, () -> Registry.remove("shm", name));
        }
        assertThrows(IllegalArgumentException.class, () -> Registry.find("../x", "a"));
        assertFalse(Files.exists(home));
        assertEquals("x".repeat(100), Registry.checkName("x".repeat(100)));
    }

    @Test
    void unreadableEntriesAreLeftOut() throws Exception {
        IpcHome.open();
        Files.writeString(home.resolve("channel-shm-broken"), "rubbish");
        Files.writeString(home.resolve("channel-x"), "");
        Files.write(home.resolve("channel-shm-big"), new byte[30_000]);
        assertEquals(List.of(), Registry.list());
    }

    @Test
    void oldUnfinishedFilesAreRemoved() throws Exception {
        IpcHome.open();
        Path old = Files.createFile(home.resolve("new-old"));
        Files.setLastModifiedTime(old, FileTime.fromMillis(0));
        Path recent = Files.createFile(home.resolve("new-recent"));
        Registry.remove("shm", "none");
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(recent));
    }

    @Test
    void exactlyOneCreatesWhileTheDirectoryComesAndGoes() throws Exception {
        for (int round = 0; round < 50; round++) {
            AtomicInteger created = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Thread thread = new Thread(() -> {
                    home.toFile().delete();
                    if (Registry.create(new Registry.Entry("shm", "one", "/x", "c"))) {
                        created.incrementAndGet();
                    }
                });
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(1, created.get());
            assertTrue(Registry.remove("shm", "one"));
        }
    }

    @Test
    void refusesADirectoryThatOthersCanReach() throws Exception {
        IpcHome.open();
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        AccessRefusedException e = assertThrows(AccessRefusedException.class, IpcHome::open);
        assertTrue(e.getMessage().contains("chmod 700"), e.getMessage());
        Files.delete(home);
        Path real = Files.createDirectory(dir.resolve("real"), PosixFilePermissions.asFileAttribute(
                PosixFilePermissions.fromString("rwx------")));
        Files.createSymbolicLink(home, real);
        assertThrows(AccessRefusedException.class, IpcHome::open);
        Files.delete(home);
        Files.createFile(home);
        assertThrows(AccessRefusedException.class, IpcHome::open);
    }

    @Test
    void refusesADirectoryOfAnotherUser() throws Exception {
        assumeTrue(ProcessIdentity.effectiveUid() == 0, "needs root to give a directory away");
        IpcHome.open();
        Files.setAttribute(home, "unix:uid", 12345);
        AccessRefusedException e = assertThrows(AccessRefusedException.class, IpcHome::open);
        assertTrue(e.getMessage().contains("12345"), e.getMessage());
    }
}
