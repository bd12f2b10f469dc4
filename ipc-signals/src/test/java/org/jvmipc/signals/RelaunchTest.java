package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;

/** A JVM that becomes one with signals blocked. */
@IpcDir
class RelaunchTest {
    private static final long SELF = ProcessHandle.current().pid();

    @Test
    void shouldBecomeTheSameProgramUnderTheSameNumberWithTheSignalsBlocked() {
        try (ChildJvm child = ChildJvm.of(InfoPeer.class).args("RTMIN+20,RTMIN+21").start()) {
            assertEquals("started " + child.pid(), child.readLine());
            assertEquals("started " + child.pid(), child.readLine());
            assertEquals("ready " + child.pid() + " " + child.pid(), child.readLine());
            Signals.tryQueue(child.pid(), Signal.realTime(21), 3);
            assertEquals("SIGRTMIN+21 3 " + SELF + " true", child.readLine());
            child.terminate();
            assertEquals(128 + 15, child.awaitExit());
            assertEquals("", child.errors());
        }
    }

    /** Newer JVMs start programs with nothing blocked. */
    @Test
    void shouldRelaunchAlsoIfWhoStartedItHasDoneSo() {
        try (ChildJvm child = ChildJvm.of(InfoPeer.class).args("RTMIN+20").env("JVMIPC_RELAUNCHED", "1").start()) {
            assertEquals("started " + child.pid(), child.readLine());
            assertEquals("started " + child.pid(), child.readLine());
            assertEquals("ready " + child.pid() + " " + child.pid(), child.readLine());
        }
    }

    @Test
    void shouldNotRelaunchIfTheSignalsAreBlocked() {
        try (ChildJvm child = ChildJvm.of(InfoPeer.class).args("RTMIN+20").blockSignals("RTMIN+20").start()) {
            assertEquals("started " + child.pid(), child.readLine());
            assertEquals("ready " + child.pid() + " null", child.readLine());
        }
    }

    @Test
    void shouldNotRelaunchAgainAndAgainForASignalThatTheJvmUnblocks() {
        try (ChildJvm child = ChildJvm.of(InfoPeer.class).args("TERM").start()) {
            assertEquals("started " + child.pid(), child.readLine());
            assertEquals("started " + child.pid(), child.readLine());
            assertEquals(1, child.awaitExit());
            assertTrue(child.errors().contains("does not block [SIGTERM]"), child.errors());
            assertTrue(child.errors().contains("-Xrs"), child.errors());
        }
    }
}
