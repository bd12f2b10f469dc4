package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IpcScopeTest {

    @AfterEach
    void restore() {
        System.clearProperty("ipc.testkit.settle");
    }

    @Test
    void shouldBePrivateAndHaveNamesOfItsOwn() throws IOException {
        try (IpcScope scope = IpcScope.open(); IpcScope other = IpcScope.open()) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(scope.dir())));
            assertTrue(scope.path("socket").toString().length() < 100);
            assertTrue(scope.name("x").matches("t" + ProcFs.self() + "-\\d+-x"), scope.name("x"));
            assertEquals(scope.name("x"), scope.name("x"));
            assertNotEquals(scope.name("x"), other.name("x"));
            assertEquals("shm:" + scope.name("ring"), scope.address("shm", "ring"));
            assertEquals("unix:" + scope.dir() + "/s", scope.address("unix", "s"));
            for (String bad : List.of("", "a/b", "..\0", "x".repeat(61), "\u00e4")) {
                assertThrows(IllegalArgumentException.class, () -> scope.name(bad));
            }
        }
    }

    @Test
    void shouldCloseInReverseOrderAndGoOnAfterAFailure() {
        List<String> closed = new ArrayList<>();
        IpcScope scope = IpcScope.open();
        scope.track(() -> closed.add("first"));
        scope.track(() -> {
            throw new IOException("second on purpose");
        });
        scope.track(() -> closed.add("third"));
        AssertionError error = assertThrows(AssertionError.class, scope::close);
        assertEquals(List.of("third", "first"), closed);
        assertEquals("second on purpose", error.getCause().getMessage());
        assertFalse(Files.exists(scope.dir()));
    }

    @Test
    void shouldTellDebrisBesideAFailedClose() throws IOException {
        IpcScope scope = IpcScope.open();
        scope.track(() -> {
            throw new IOException("on purpose");
        });
        Files.writeString(scope.path("left"), "x");
        System.setProperty("ipc.testkit.settle", "200");
        AssertionError error = assertThrows(AssertionError.class, scope::close);
        assertEquals(1, error.getSuppressed().length);
        assertTrue(error.getSuppressed()[0].getMessage().contains("FILE: " + scope.path("left")));
        assertFalse(Files.exists(scope.dir()));
    }

    @Test
    void shouldRemoveWhatMayBeLeft() throws IOException {
        IpcScope scope = IpcScope.open();
        scope.mayLeave(Path.of("queue"));
        Files.writeString(Files.createDirectories(scope.path("queue/days")).resolve("one"), "x");
        scope.close();
        assertFalse(Files.exists(scope.dir()));
    }

    @Test
    void shouldNotTakeClosedChildrenForDebris() {
        try (IpcScope scope = IpcScope.open()) {
            ChildJvm closed = scope.track(ChildJvm.of(Peers.Hang.class).start());
            closed.expect("hanging");
            scope.track(ChildJvm.of(Peers.Echo.class).start()).expect("ready");
            closed.close();
        }
    }
}
