package org.jvmipc.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Containers have directories of the same path and inode, on file systems of their own; as those of the kernel are. */
class IpcHomeIdentityTest {
    private static final String PROPERTY = "ipc.home";

    private final String before = System.getProperty(PROPERTY);

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(PROPERTY);
        } else {
            System.setProperty(PROPERTY, before);
        }
    }

    private static long identity(String directory) {
        System.setProperty(PROPERTY, directory);
        return IpcHome.identity();
    }

    @Test
    void shouldTellDirectoriesOfTheSameInodeApart() throws IOException {
        Object one = Files.getAttribute(Path.of("/proc"), "unix:ino");
        Object other = Files.getAttribute(Path.of("/sys"), "unix:ino");
        assumeTrue(one.equals(other), "needs two file systems whose roots have the same inode");
        assertNotEquals(identity("/proc"), identity("/sys"));
        assertEquals(identity("/proc"), identity("/proc"));
    }

    @Test
    void shouldTellDirectoriesOfOneDeviceApart() {
        assertNotEquals(identity("/proc"), identity("/proc/sys"));
    }
}
