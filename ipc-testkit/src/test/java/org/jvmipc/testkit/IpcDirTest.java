package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

class IpcDirTest {

    @BeforeEach
    void forget() {
        Litterers.TOLD.clear();
        System.setProperty("ipc.testkit.settle", "200");
    }

    @AfterEach
    void restore() {
        System.clearProperty("ipc.testkit.settle");
    }

    private static EngineExecutionResults run(Class<?> testClass) {
        return EngineTestKit.engine("junit-jupiter").selectors(selectClass(testClass))
                // Has JUnit start a thread of its own in the middle of a test.
                .configurationParameter("junit.jupiter.execution.timeout.default", "60 s").execute();
    }

    private static String message(EngineExecutionResults results, String test) {
        return results.testEvents().failed().stream()
                .filter(event -> event.getTestDescriptor().getDisplayName().startsWith(test))
                .map(event -> event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow())
                .map(e -> e + List.of(e.getSuppressed()).toString())
                .findFirst()
                .orElse("nothing failed");
    }

    private static void assertFails(Class<?> testClass, String reason) {
        EngineExecutionResults results = run(testClass);
        assertEquals(1, results.testEvents().failed().count());
        assertTrue(message(results, "neverRuns").contains(reason), () -> message(results, "neverRuns"));
        assertEquals(List.of(), Litterers.TOLD);
    }

    @Test
    void shouldGiveEachTestADirectoryThatIsGoneAfterwards() {
        EngineExecutionResults results = run(Litterers.Tidy.class);
        results.testEvents().assertStatistics(statistics -> statistics.succeeded(3).failed(0));
        assertEquals(3, new HashSet<>(Litterers.TOLD).size(), Litterers.TOLD::toString);
        Litterers.TOLD.forEach(dir -> assertFalse(Files.exists(Path.of(dir)), dir));
    }

    @Test
    void shouldFailTheTestThatLeavesSomethingAndOnlyThat() {
        EngineExecutionResults results = run(Litterers.Messy.class);
        results.testEvents().assertStatistics(statistics -> statistics.succeeded(1).failed(3));
        String dir = Litterers.TOLD.get(0);
        String child = Litterers.TOLD.get(1);
        assertTrue(message(results, "leavesAFile").contains("left behind:\n    FILE: " + dir + "/a file"),
                () -> message(results, "leavesAFile"));
        assertFalse(Files.exists(Path.of(dir)));
        assertTrue(message(results, "leavesAChild").contains("PROCESS: " + child + " "),
                () -> message(results, "leavesAChild"));
        assertTrue(message(results, "leavesASharedObject").contains("SHARED_OBJECT: /dev/shm/jvmipc-0-t"),
                () -> message(results, "leavesASharedObject"));
        Await.until(ChildJvm.PATIENCE, "the end of the child", () -> ChildJvmTest.isDead(Long.parseLong(child)));
    }

    @Test
    void shouldKeepTheTestsOwnFailureFirst() {
        String message = message(run(Litterers.Checked.class), "failsAndLeavesAFile");
        assertTrue(message.matches("(?s).*AssertionFailedError: on purpose\\[.*left behind:.*/evidence.*"), message);
    }

    @Test
    void shouldLetATestBeExcused() {
        run(Litterers.Excused.class).testEvents().assertStatistics(statistics -> statistics.succeeded(1).failed(0));
        assertFalse(Files.exists(Path.of(Litterers.TOLD.get(0))));
    }

    @Test
    void shouldRefuseWrongUse() {
        assertFails(Litterers.NoReason.class, "Give a reason");
        assertFails(Litterers.StaticField.class, "must be neither static nor final");
        assertFails(Litterers.WrongType.class, "is for an IpcScope or a Path");
        assertFails(Litterers.InConstructor.class, "cannot be a parameter of a constructor");
    }
}
