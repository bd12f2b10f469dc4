package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Lines into channels, and channels onto lines. */
@IpcDir
class MessagesTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void messagesGoThroughARingInEachFormat(IpcScope scope) throws Exception {
        String address = "shm:" + scope.name("ring") + "?keep=true";
        Run send = Run.of("send", address, "-m", "héllo", "-m", "{\"world\"}", "--json");
        assertEquals(0, send.code(), send::toString);
        assertEquals(Map.of("sent", 2.0, "bytes", 15.0), send.json().get(0));
        assertEquals(0, Run.of("send", address, "--format", "hex", "-m", "00 FF 41", "-q").code());
        assertEquals(0, Run.of("send", address, "--format", "json", "-m",
                "{\"n\": 1, \"text\": \"a\\u0041\\n\\\"b\"}", "-m", "{\"hex\":\"ff\"}",
                "-m", "{\"text\":\"\"}").code());
        assertEquals("héllo\n", Run.of("recv", address).out());
        assertEquals("{\"world\"}", Run.of("recv", address, "--json").json().get(0).get("text"));
        Run hex = Run.of("recv", address, "-n", "2", "--format", "hex");
        assertEquals("00ff41\n61410a2262\n", hex.out());
        Run rest = Run.of("cat", address, "--json");
        assertEquals("ff", rest.json().get(0).get("hex"), rest::toString);
        assertEquals("", rest.json().get(1).get("text"), rest::toString);
        Run none = Run.of("recv", address, "--timeout", "20ms");
        assertEquals(124, none.code(), none::toString);
        Run wrong = Run.of("send", address, "--format", "hex", "-m", "41", "-m", "4x");
        assertEquals(2, wrong.code(), wrong::toString);
        assertTrue(wrong.err().contains("message 2 is no hex"), wrong::toString);
        assertEquals("A\n", Run.of("tail", address).out());
        assertEquals(0, Run.of("clean", "shm:" + scope.name("ring")).code());
        assertEquals(3, Run.of("cat", "shm:" + scope.name("ring")).code());
        assertEquals(2, Run.of("send", "pigeon:x", "-m", "y").code());
    }

    @Test
    void aFullRingTimesOutAndAnEndedOneEnds(IpcScope scope) throws Exception {
        String address = "shm:" + scope.name("ring") + "?capacity=4k";
        try (Receiver receiver = Ipc.receiver(address)) {
            Run full = Run.of("send", address, "--timeout", "20ms", "-m", "x".repeat(3000), "-m", "y".repeat(3000));
            assertEquals(124, full.code(), full::toString);
            assertEquals(3000, receiver.receive(SOON).message().length());
        }
        Sender sender = Ipc.sender(address);
        sender.send(ByteBuffer.wrap(new byte[] {'z'}), SOON);
        Thread closes = new Thread(() -> {
            try {
                assertTrue(sender.awaitPeer(SOON));
            } catch (InterruptedException never) {
                throw new AssertionError(never);
            } finally {
                sender.close();
            }
        });
        closes.start();
        Run follow = Run.of("recv", address, "-f");
        closes.join(SOON.toMillis());
        assertEquals(0, follow.code(), follow::toString);
        assertTrue(follow.out().startsWith("z\n"), follow::toString);
    }

    @Test
    void aQueueOnDiskIsShownAndDumpedAlsoWhenItIsBroken(IpcScope scope) throws Exception {
        Path queue = scope.path("queue");
        scope.mayLeave(queue);
        try (ChildJvm child = ChildJvm.of(Main.class).jvmArgs("--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED")
                .args("send", "queue:" + queue, "-m", "first", "-m", "second", "-m", "third").start()) {
            assertEquals(0, child.awaitExit(SOON), child::errors);
        }
        Run ls = Run.of("ls", scope.dir(), "--json");
        Map<String, Object> found = ls.named("queue:" + queue);
        assertEquals("queue", found.get("kind"));
        assertEquals(1.0, ((Map<?, ?>) found.get("details")).get("files"), ls::toString);
        Run dump = Run.of("dump", queue, "--json");
        assertEquals(0, dump.code(), dump::toString);
        Map<String, Object> second = dump.json(line -> line.get("what").equals("message")
                && line.get("number").equals(1.0));
        assertEquals("7365636f6e64", second.get("payload"));
        Path file;
        try (var files = Files.list(queue)) {
            file = files.filter(each -> each.toString().endsWith(".cq4")).findFirst().orElseThrow();
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(((Double) second.get("at")).longValue() + 20);
        }
        byte[] cut = Files.readAllBytes(file);
        garble(queue, file, cut, ((Double) second.get("at")).intValue());
        Run broken = Run.of("dump", "queue:" + queue);
        assertEquals(5, broken.code(), broken::toString);
        assertTrue(broken.out().contains("\"first\"") && broken.out().contains("DAMAGED: it goes beyond the end"),
                broken::toString);
    }

    /** Whatever stands in a file, a dump ends, with a word of what is wrong; the file is as it was afterwards. */
    private static void garble(Path queue, Path file, byte[] bytes, int second) throws Exception {
        byte[] zeroed = bytes.clone();
        Arrays.fill(zeroed, second, second + 8, (byte) 0);
        Files.write(file, zeroed);
        Run gap = Run.of("dump", queue);
        assertTrue(gap.code() == 5 && gap.out().contains("DAMAGED: zeros where a document should"), gap::toString);
        Files.write(file, new byte[bytes.length]);
        Run zeros = Run.of("dump", queue);
        assertTrue(zeros.code() == 5 && zeros.out().contains("DAMAGED: the file begins with zeros"), zeros::toString);
        Files.write(file, new byte[2]);
        Run empty = Run.of("dump", queue);
        assertTrue(empty.code() == 5 && empty.out().contains("DAMAGED: it is too short"), empty::toString);
        Random random = new Random(815);
        for (int i = 0; i < 200; i++) {
            byte[] broken = Arrays.copyOf(bytes, random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length);
            for (int j = random.nextInt(20); j >= 0 && broken.length > 0; j--) {
                int from = random.nextBoolean() ? Math.max(0, broken.length - 200) : 0;
                broken[from + random.nextInt(broken.length - from)] = (byte) random.nextInt();
            }
            Files.write(file, broken);
            Run dump = Run.of("dump", queue);
            assertTrue((dump.code() == 0 || dump.code() == 5) && dump.err().isEmpty(), dump::toString);
        }
        Files.write(file, bytes);
    }
}
