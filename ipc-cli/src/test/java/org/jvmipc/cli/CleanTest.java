package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.jvmipc.Ipc;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.shm.sync.SharedLock;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What {@code clean}, {@code ls} and {@code top} make of processes that died or are stopped. */
@IpcDir
class CleanTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Path SHM = Path.of("/dev/shm");
    private static final int DYING = 5;
    private static final int EACH = 20;

    /** The files of a prefix, by their inodes: one of the same name that was made anew is another one. */
    private static Map<String, Object> files(String prefix) throws IOException {
        Map<String, Object> found = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(SHM, "jvmipc-*-" + prefix + "*")) {
            for (Path file : files) {
                found.put(file.getFileName().toString(), Files.getAttribute(file, "unix:ino"));
            }
        }
        return found;
    }

    @Test
    void nothingOfTheDeadStaysAndAllOfTheLiving(IpcScope scope) throws Exception {
        Random random = new Random(20_26);
        String living = scope.name("living");
        String dying = scope.name("dying");
        String shared = scope.name("shared");
        List<ChildJvm> children = new ArrayList<>();
        List<AutoCloseable> open = Owner.open(living, EACH);
        try (SharedLock held = SharedLock.named(living + "-held")) {
            for (int i = 0; i < DYING; i++) {
                children.add(ChildJvm.of(Owner.class).args(dying + i, EACH - 1, shared).start());
            }
            for (ChildJvm child : children) {
                child.expect("open");
            }
            Map<String, Object> before = files(living);
            assertEquals(EACH + 1, before.size(), before::toString);
            assertEquals(DYING * (EACH - 1), files(dying).size());
            held.lock();
            List<String> args = new ArrayList<>(List.of("clean", "--match", living, "--match", dying,
                    "--match", shared));
            while (!children.isEmpty()) {
                ChildJvm child = children.remove(random.nextInt(children.size()));
                args.addAll(List.of("--match", "life-" + child.pid() + "-"));
                child.kill();
                child.awaitDeath(SOON);
                child.close();
                if (children.size() == DYING / 2) {
                    // Those who still live share an object with the dead.
                    assertEquals(0, Run.of(args.toArray()).code());
                    assertEquals(1, files(shared).size());
                }
            }
            Run dry = Run.of(add(args, "--dry-run"));
            assertTrue(dry.out().contains("would remove"), dry::toString);
            assertEquals(1, files(shared).size());
            Run clean = Run.of(args.toArray());
            assertEquals(0, clean.code(), clean::toString);
            assertEquals(Map.of(), files(dying), clean::toString);
            assertEquals(Map.of(), files(shared), clean::toString);
            assertEquals(before, files(living), clean::toString);
            Run again = Run.of(args.toArray());
            assertTrue(again.err().startsWith("removed 0, left " + (EACH + 1) + " alone"), again::toString);
            held.unlock();
            Run one = Run.of("clean", living + "-held");
            assertEquals(1, one.code(), one::toString);
            assertTrue(one.out().contains("lives"), one::toString);
        } finally {
            children.forEach(ChildJvm::close);
            for (AutoCloseable each : open) {
                each.close();
            }
        }
    }

    private static Object[] add(List<String> args, String option) {
        List<String> more = new ArrayList<>(args);
        more.add(option);
        return more.toArray();
    }

    @Test
    void aStoppedConsumerIsNamedAndWhatIsBeforeItGrows(IpcScope scope) throws Exception {
        String address = "shm:" + scope.name("slow");
        try (ChildJvm child = ChildJvm.of(Consumer.class).args(address).start()) {
            child.expect("open");
            try (Sender sender = Ipc.sender(address)) {
                sender.send(ByteBuffer.allocate(100), SOON);
                child.stop();
                double depth = 0;
                for (int i = 0; i < 3; i++) {
                    sender.send(ByteBuffer.allocate(1000), SOON);
                    Map<String, Object> found = Run.of("ls", "--json").named(address);
                    assertTrue((Double) found.get("depthBytes") > depth, found::toString);
                    depth = (Double) found.get("depthBytes");
                    Map<?, ?> consumer = (Map<?, ?>) ((List<?>) found.get("peers")).get(1);
                    assertEquals("stopped", consumer.get("presence"), found::toString);
                    assertEquals((double) child.pid(), consumer.get("pid"));
                    assertEquals(depth, consumer.get("lagBytes"));
                }
                AtomicBoolean done = new AtomicBoolean();
                Thread more = new Thread(() -> {
                    while (!done.get() && sender.trySend(ByteBuffer.allocate(100)) == SendResult.SENT) {
                        LockSupport.parkNanos(5_000_000);
                    }
                });
                more.start();
                Run top = Run.of("top", scope.name("slow"), "-n", "2", "-d", "100ms");
                Run json = Run.of("top", scope.name("slow"), "-n", "1", "-d", "100ms", "--json");
                done.set(true);
                more.join(SOON.toMillis());
                child.cont();
                assertEquals(0, top.code(), top::toString);
                assertTrue(top.out().contains("consumer " + child.pid() + " stopped"), top::toString);
                Map<String, Object> row = json.named(address);
                assertTrue((Double) row.get("growthBytes") > 0 && (Double) row.get("inBytesPerSecond") > 0,
                        json::toString);
                assertEquals(0.0, row.get("outBytesPerSecond"), json::toString);
            }
            assertEquals(0, child.awaitExit(SOON));
        }
    }
}
