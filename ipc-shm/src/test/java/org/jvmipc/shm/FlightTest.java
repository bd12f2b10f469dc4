package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.PeerDiedException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.shm.sync.LockGuard;
import org.jvmipc.shm.sync.SharedLock;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** What the flight recorder and the log are told, and that channels go on without the one and the other. */
@IpcDir
@Timeout(60)
class FlightTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<String> EVENTS = List.of("SendBlocked", "ReceiveIdle", "LockContended", "PeerDied",
            "Recovery");

    @IpcDir
    private IpcScope scope;

    /** Receives nothing, and holds a lock until it is killed. */
    static final class Holder implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            try (Receiver receiver = Ipc.receiver(context.arg(0)); SharedLock lock = SharedLock.named(context.arg(1))) {
                lock.lock();
                context.say("holds, beside " + receiver.address());
                context.hear();
                lock.unlock();
            }
        }
    }

    /** Without a module of the flight recorder and of logging. */
    static final class Small {
        public static void main(String[] args) throws Exception {
            boolean recorder = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
            try (Sender sender = Ipc.sender("mem:small"); Receiver receiver = Ipc.receiver("mem:small")) {
                boolean empty = !receiver.receive(Duration.ofMillis(30)).isMessage();
                sender.send(ByteBuffer.allocate(3));
                System.out.println(recorder + " " + empty + " " + receiver.receive().message().payload().remaining());
            }
        }
    }

    @Test
    void shouldTellOfWaitsDeathsAndRecoveries() throws Exception {
        String address = scope.address("shm", "ring") + "?capacity=4k";
        String name = scope.name("lock");
        Lines lines = new Lines();
        Logger logger = Logger.getLogger("org.jvmipc");
        logger.addHandler(lines);
        logger.setUseParentHandlers(false);
        Path file = scope.dir().resolve("recording.jfr");
        scope.mayLeave(file);
        long pid;
        try (Recording recording = new Recording(); Sender sender = Ipc.sender(address);
                ChildJvm child = ChildJvm.of(Holder.class).args(address, name).start()) {
            EVENTS.forEach(event -> recording.enable("org.jvmipc." + event));
            recording.start();
            child.expect("holds");
            pid = child.pid();
            long holder = pid;
            assertThrows(IpcTimeoutException.class, () -> {
                while (true) {
                    sender.send(ByteBuffer.allocate(1000), Duration.ofMillis(200));
                }
            });
            try (SharedLock lock = SharedLock.named(name)) {
                assertFalse(lock.tryLock(200, TimeUnit.MILLISECONDS));
                child.kill();
                child.awaitDeath(PATIENCE);
                try (LockGuard guard = lock.acquire()) {
                    assertTrue(guard.ownerDied());
                    guard.markConsistent();
                }
            }
            assertThrows(PeerDiedException.class, () -> sender.send(ByteBuffer.allocate(1000), PATIENCE));
            try (Receiver receiver = Ipc.receiver(scope.address("shm", "idle"))) {
                assertFalse(receiver.receive(Duration.ofMillis(200)).isMessage());
            }
            String told = "INFO .*" + name + ".*pid " + holder + " .*";
            Await.until(PATIENCE, () -> told + " among " + lines.all,
                    () -> lines.all.stream().anyMatch(line -> line.matches(told)));
            recording.stop();
            recording.dump(file);
        } finally {
            logger.removeHandler(lines);
            logger.setUseParentHandlers(true);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertEquals(address, one(events, "SendBlocked").getString("channel"));
        assertTrue(events.stream().anyMatch(event -> event.getEventType().getName().endsWith("SendBlocked")
                && event.getDuration().toMillis() >= 20), events::toString);
        assertTrue(one(events, "ReceiveIdle").getString("channel").contains("idle"));
        assertTrue(one(events, "LockContended").getString("lock").contains(name));
        assertEquals(pid, one(events, "PeerDied").getLong("pid"));
        assertTrue(one(events, "PeerDied").getString("channel").startsWith(address.substring(0, address.indexOf('?'))));
        assertTrue(one(events, "Recovery").getString("subject").contains(name));
    }

    private static RecordedEvent one(List<RecordedEvent> events, String name) {
        return events.stream().filter(event -> event.getEventType().getName().equals("org.jvmipc." + name)).findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + events));
    }

    /** The one without logging configured writes lines of its own accord, if it is asked for them. */
    @Test
    void shouldGoOnWithoutRecorderAndLogging() {
        try (ChildJvm child = ChildJvm.of(Small.class).jvmArgs("--limit-modules", "java.base", "-Dipc.log=debug",
                "-Djdk.system.logger.level=DEBUG").start()) {
            child.expect("false true 3");
            assertEquals(0, child.awaitExit(), child.errors());
            assertTrue(child.errors().contains("mem:small was opened by its SENDER"), child.errors());
            assertTrue(child.errors().contains("mem:small was closed: "), child.errors());
        }
    }

    /** Keeps what is logged. */
    private static final class Lines extends Handler {
        private final List<String> all = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord line) {
            all.add(line.getLevel() + " " + line.getMessage());
        }

        @Override
        public void flush() {
        }

        @Override
        public void close() {
        }
    }
}
