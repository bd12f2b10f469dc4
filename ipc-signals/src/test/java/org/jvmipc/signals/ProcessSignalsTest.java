package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.ChildJvmBuilder;
import org.jvmipc.testkit.IpcDir;

/** What signals do to a whole process. */
@IpcDir
class ProcessSignalsTest {
    private static final int TERM = 128 + 15;
    private static final int HUP = 128 + 1;
    private static final int INT = 128 + 2;
    private static final int USR1 = 128 + 10;

    private static ChildJvm start(ChildJvmBuilder builder) {
        ChildJvm child = builder.start();
        child.expect("ready");
        return child;
    }

    private static ChildJvm start() {
        return start(ChildJvm.of(SignalPeer.class));
    }

    private static String ask(ChildJvm child, String line) {
        child.send(line);
        String answer = child.readLine();
        assertTrue(answer.startsWith("ok"), answer);
        return answer.substring("ok".length()).strip();
    }

    private static String refusal(ChildJvm child, String line) {
        child.send(line);
        String answer = child.readLine();
        assertTrue(answer.startsWith("failed "), answer);
        return answer.substring("failed ".length());
    }

    @Test
    void shouldGoOnAfterTermWithAHandlerAndEndByTheJvmOnceItIsClosed() {
        try (ChildJvm child = start()) {
            ask(child, "on TERM OTHERS");
            child.signal("TERM");
            child.expect("got SIGTERM");
            assertEquals("true", ask(child, "effective TERM"));
            ask(child, "close TERM");
            child.signal("TERM");
            assertEquals(TERM, child.awaitExit());
            assertTrue(child.output().lines().anyMatch("hook"::equals), child.output());
        }
    }

    @Test
    void shouldRunTheHandlerThenTheShutdownHooksIfChainedToAll() {
        try (ChildJvm child = start()) {
            ask(child, "on HUP ALL");
            child.signal("HUP");
            assertEquals(HUP, child.awaitExit());
            List<String> lines = child.output().lines().toList();
            assertEquals(List.of("got SIGHUP", "hook"), lines.subList(lines.size() - 2, lines.size()));
        }
    }

    /** Whoever started the tests may have had it ignored, as a shell does for what it runs in the background. */
    @Test
    void shouldGoOnAfterIntWithAHandlerAndEndWithHooksIfChainedToAll() {
        try (ChildJvm child = start(ChildJvm.of(SignalPeer.class).wrapper("env", "--default-signal=INT"))) {
            ask(child, "on INT OTHERS");
            child.signal("INT");
            child.expect("got SIGINT");
            assertEquals("true", ask(child, "effective INT"));
            ask(child, "close INT");
            ask(child, "on INT ALL");
            child.signal("INT");
            assertEquals(INT, child.awaitExit());
            List<String> lines = child.output().lines().toList();
            assertEquals(List.of("got SIGINT", "hook"), lines.subList(lines.size() - 2, lines.size()));
        }
    }

    @Test
    void shouldEndWithoutHooksByTheDefaultAction() {
        try (ChildJvm child = start()) {
            ask(child, "ignore TERM");
            child.signal("TERM");
            assertEquals("true", ask(child, "effective TERM"));
            ask(child, "close TERM");
            ask(child, "default TERM");
            assertEquals("true", ask(child, "effective TERM"));
            child.signal("TERM");
            assertEquals(TERM, child.awaitExit());
            assertFalse(child.output().lines().anyMatch("hook"::equals), child.output());
        }
    }

    @Test
    void shouldLeaveASignalAsItWasAfterItsLastHandler() {
        try (ChildJvm child = start()) {
            ask(child, "on USR1 OTHERS");
            ask(child, "close USR1");
            child.signal("USR1");
            assertEquals(USR1, child.awaitExit());
        }
    }

    @Test
    void shouldSayWhatXrsChanges() {
        try (ChildJvm child = start(ChildJvm.of(SignalPeer.class).jvmArgs("-Xrs"))) {
            for (String line : List.of("on HUP ALL", "on TERM NONE", "on USR1 OTHERS", "on QUIT NONE", "ignore INT",
                    "default TERM")) {
                String refusal = refusal(child, line);
                assertTrue(refusal.startsWith("IllegalArgumentException: SIG" + line.split(" ")[1]), refusal);
                assertTrue(refusal.contains("-Xrs"), refusal);
            }
            ask(child, "ignore USR1");
            child.signal("USR1");
            assertEquals("true", ask(child, "effective USR1"));
            child.signal("TERM");
            assertEquals(TERM, child.awaitExit());
            assertFalse(child.output().lines().anyMatch("hook"::equals), child.output());
        }
    }

    @Test
    void shouldTellThatASignalIgnoredFromOutsideDoesNotCome() {
        try (ChildJvm child = start(ChildJvm.of(SignalPeer.class).wrapper("env", "--ignore-signal=HUP"))) {
            ask(child, "on HUP OTHERS");
            child.signal("HUP");
            assertEquals("false", ask(child, "effective HUP"));
            ask(child, "on TERM OTHERS");
            assertEquals("true", ask(child, "effective TERM"));
            ask(child, "close HUP");
            child.signal("TERM");
            child.expect("got SIGTERM");
            assertFalse(child.output().contains("got SIGHUP"), child.output());
        }
    }
}
