package org.jvmipc.cli.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.jvmipc.testkit.ChildJvm;

/** One that is always there, in whichever process: whoever is killed is replaced. */
final class Place {
    /** Only for what hangs: the machine may be busy. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    final char who;
    private ChildJvm child;

    Place(char who) {
        this.who = who;
    }

    ChildJvm child() {
        return child;
    }

    static ChildJvm spare() {
        return ChildJvm.of(SoakPeer.class).blockSignals("RTMIN+1").start();
    }

    /** Takes a process that has not been used yet. */
    void take(ChildJvm spare) {
        child = spare;
        child.expect("ready", PATIENCE);
    }

    void begin(Round round, int life, long seed) {
        child.send("begin " + who + " " + life + " " + seed + " " + round);
    }

    /** Whether it lives; to be asked before it is killed. */
    void assertAlive() {
        assertTrue(child.isAlive(), () -> who + " has ended by itself: " + child.errors());
    }

    void kill() {
        assertAlive();
        child.kill();
        child.awaitDeath(PATIENCE);
        child.close();
    }

    void say(String line) {
        child.send(line);
    }

    String expect(String prefix) {
        return child.expect(prefix, PATIENCE);
    }

    void leave() {
        child.send("leave");
        expect("left");
        assertEquals(0, child.awaitExit(PATIENCE), child::errors);
        child.close();
    }

    void close() {
        if (child != null) {
            child.close();
        }
    }
}
