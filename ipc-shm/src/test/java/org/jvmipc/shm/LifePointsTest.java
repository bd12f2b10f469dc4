package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.Inspected.Verdict;
import org.jvmipc.spi.Inspection;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/**
 * R12, R14: a process is killed at each step of making a segment, attaching to it, leaving it as the last one, and
 * clearing away what dead ones have left. Whoever comes next goes on within two seconds, and nothing is left then.
 */
@IpcDir
@Timeout(120)
class LifePointsTest {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    @IpcDir
    private IpcScope scope;
    private final List<String> points = new ArrayList<>();

    /** Opens a channel when it is told to, and closes it when it is told to. */
    static final class Opener implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            LifePoints.prepare();
            context.say("ready");
            context.hear();
            Sender sender = Ipc.sender(context.arg(0));
            context.say("open");
            context.hear();
            sender.close();
            context.say("closed");
            context.hear();
        }
    }

    private String address() {
        return scope.address("shm", "ring") + "?ring=mpsc&producers=2&capacity=4k&wait=spin&peerDeath=wait";
    }

    private Path file() {
        return Path.of("/dev/shm/jvmipc-" + ProcessIdentity.effectiveUid() + "-" + scope.name("ring"));
    }

    /** Kills a child at a step of opening, or of closing. False if there are not so many steps. */
    private boolean kill(boolean closing, int step) throws Exception {
        try (ChildJvm child = LifePoints.child(Opener.class).args(address()).start();
                LifePoints look = new LifePoints(child)) {
            child.expect("ready");
            if (closing) {
                child.send("open");
                child.expect("open");
            }
            String at = look.killAt("go", closing ? "closed" : "open", step);
            points.add(at);
            return !at.isEmpty();
        }
    }

    /** Or nobody would ever clear it away, as long as nobody opens it. */
    private void doesNotLookKept() {
        List<Inspected> found = new ArrayList<>();
        new ShmInspector().list(new Inspection(List.of(), false), found::add);
        for (Inspected object : found) {
            assertFalse(object.where().equals(file().toString()) && object.verdict() == Verdict.KEPT,
                    "after " + points + ": " + object.verdictReason());
        }
    }

    /** Both sides open and talk; then nothing is left. */
    private void useIt(int step) throws Exception {
        long start = System.nanoTime();
        try (Receiver receiver = Ipc.receiver(address())) {
            sendThrough(receiver, step);
        }
        assertTrue(System.nanoTime() - start < LIMIT.toNanos(), "after " + points);
        assertFalse(Files.exists(file()), "after " + points);
    }

    private void sendThrough(Receiver receiver, int number) throws Exception {
        try (Sender sender = Ipc.sender(address())) {
            sender.send(FanPeer.message(0, number), LIMIT);
            assertEquals(number, FanPeer.number(receiver.receive(LIMIT).message().payload(), 0), "after " + points);
        }
    }

    @Test
    void shouldGoOnWhereverACreatorDies() throws Exception {
        int step = 0;
        while (kill(false, step)) {
            doesNotLookKept();
            useIt(step++);
        }
        useIt(step);
        assertTrue(step >= 15, "only " + points);
    }

    @Test
    void shouldGoOnWhereverOneDiesThatAttaches() throws Exception {
        int step = 0;
        boolean killed;
        do {
            try (Receiver receiver = Ipc.receiver(address())) {
                killed = kill(false, step);
                sendThrough(receiver, step);
                // The other place is free, too.
                try (Sender one = Ipc.sender(address())) {
                    sendThrough(receiver, ++step);
                    assertTrue(one.isOpen());
                }
            }
            assertFalse(Files.exists(file()), "after " + points);
        } while (killed);
        assertTrue(step >= 10, "only " + points);
    }

    @Test
    void shouldGoOnWhereverTheLastOneDiesThatLeaves() throws Exception {
        int step = 0;
        while (kill(true, step)) {
            doesNotLookKept();
            useIt(step++);
        }
        useIt(step);
        assertTrue(step >= 5, "only " + points);
    }

    @Test
    void shouldGoOnWhereverOneDiesThatClearsAway() throws Exception {
        try (ChildJvm child = ChildJvm.of(Opener.class).args(address()).start()) {
            child.expect("ready");
            child.send("go");
            child.expect("open");
            child.kill();
            child.awaitDeath(ChildJvm.PATIENCE);
        }
        byte[] abandoned = Files.readAllBytes(file());
        Files.delete(file());
        // Up to where a new file is made, the steps are others than those of a creator.
        for (int step = 0; points.stream().noneMatch(at -> at.contains("SegmentHeader.write")); step++) {
            Files.createFile(file(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file(), abandoned);
            assertTrue(kill(false, step), "it ends after " + points);
            useIt(step);
        }
        assertTrue(points.stream().anyMatch(at -> at.contains("unlink")), points.toString());
    }
}
