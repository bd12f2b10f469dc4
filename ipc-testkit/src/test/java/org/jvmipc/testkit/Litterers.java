package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Test classes, good and bad, that {@link IpcDirTest} runs. */
final class Litterers {

    /** What the classes tell of their runs. */
    static final List<String> TOLD = new ArrayList<>();

    private Litterers() {
    }

    static class Tidy {

        @IpcDir
        IpcScope scope;

        @IpcDir
        private Path dir;

        @BeforeEach
        void setUp(IpcScope given) throws IOException {
            assertSame(scope, given);
            Files.writeString(scope.path("made before"), "x");
        }

        @AfterEach
        void tearDown() throws IOException {
            Files.delete(scope.path("made before"));
        }

        @Test
        void shouldHaveOneScope(@IpcDir IpcScope parameter, @IpcDir Path path) throws IOException {
            assertSame(scope, parameter);
            assertEquals(dir, path);
            assertEquals(dir, scope.dir());
            TOLD.add(dir.toString());
        }

        @Test
        void shouldHaveAnother() {
            TOLD.add(dir.toString());
        }

        @Nested
        class Inside {
            @Test
            void shouldKnowTheScope(IpcScope parameter) {
                assertSame(scope, parameter);
                TOLD.add(dir.toString());
            }
        }
    }

    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class Messy {

        @Test
        @Order(1)
        void leavesAFile(@IpcDir Path dir) throws IOException {
            Files.writeString(dir.resolve("a file"), "x");
            TOLD.add(dir.toString());
        }

        @Test
        @Order(2)
        void leavesAChild(@IpcDir IpcScope scope) {
            ChildJvm child = ChildJvm.of(Peers.Hang.class).start();
            child.expect("hanging");
            TOLD.add(Long.toString(child.pid()));
        }

        @Test
        @Order(3)
        void leavesASharedObject(@IpcDir IpcScope scope) throws IOException {
            Files.writeString(Path.of("/dev/shm/jvmipc-0-" + scope.name("x")), "x");
        }

        @Test
        @Order(4)
        void isTidyAfterAllThese(@IpcDir IpcScope scope) throws IOException {
            assertTrue(Files.isDirectory(scope.dir()));
        }
    }

    @IpcDir
    static class Checked {

        @Test
        void failsAndLeavesAFile(IpcScope scope) throws IOException {
            Files.writeString(scope.path("evidence"), "x");
            fail("on purpose");
        }
    }

    static class Excused {

        @Test
        @IpcDir(relax = @IpcDir.Relax(value = DebrisKind.FILE, reason = "to see that it works"))
        void leavesAFile(IpcScope scope) throws IOException {
            Files.writeString(scope.path("excused"), "x");
            TOLD.add(scope.dir().toString());
        }
    }

    static class NoReason {

        @Test
        @IpcDir(relax = @IpcDir.Relax(value = DebrisKind.FILE, reason = ""))
        void neverRuns(IpcScope scope) {
            TOLD.add("ran");
        }
    }

    static class StaticField {

        @IpcDir
        static Path shared;

        @Test
        void neverRuns() {
            TOLD.add("ran");
        }
    }

    static class WrongType {

        @Test
        void neverRuns(@IpcDir String dir) {
            TOLD.add("ran");
        }
    }

    static class InConstructor {

        InConstructor(@IpcDir Path dir) {
            assertNotNull(dir);
        }

        @Test
        void neverRuns() {
            TOLD.add("ran");
        }
    }
}
