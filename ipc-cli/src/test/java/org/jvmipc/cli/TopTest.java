package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.Ipc;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What {@code top} shows of channels in use, and how it is on a terminal. */
@IpcDir
class TopTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final long SELF = ProcessHandle.current().pid();
    private static final int LENGTH = 100;

    private static double number(Map<String, Object> row, String name) {
        assertTrue(row.get(name) instanceof Double, () -> name + " in " + row);
        return (Double) row.get(name);
    }

    private static ByteBuffer message() {
        return ByteBuffer.allocate(LENGTH);
    }

    @Test
    void aStoppedConsumerIsNamedAndItsDepthGrowsUntilSendersWait(IpcScope scope) throws Exception {
        String address = "shm:" + scope.name("slow");
        try (ChildJvm child = ChildJvm.of(Consumer.class).args(address).start()) {
            child.expect("open");
            try (Sender sender = Ipc.sender(address)) {
                sender.send(message(), SOON);
                child.stop();
                AtomicBoolean done = new AtomicBoolean();
                Thread more = new Thread(() -> {
                    try {
                        while (!done.get()) {
                            sender.send(message(), SOON);
                            LockSupport.parkNanos(2_000_000);
                        }
                    } catch (InterruptedException never) {
                        throw new AssertionError(never);
                    }
                });
                more.start();
                Run text = Run.of("top", scope.name("slow"), "-n", "2", "-d", "200ms");
                Run json = Run.of("top", scope.name("slow"), "-n", "3", "-d", "200ms", "--json");
                done.set(true);
                more.join(SOON.toMillis());
                growsAndIsNamed(json, address, child.pid());
                String rows = "(?s)(.*" + address + "  ring spsc  [0-9.k]+ msg  0 msg  .* msg, .*  [+].*  consumer "
                        + child.pid() + " stopped, producer " + SELF + "\n.*" + address + ": consumer " + child.pid()
                        + " \\(\\S+\\) is stopped, \\S+ behind\n.*){2}";
                assertTrue(text.code() == 0 && text.out().matches(rows), text::toString);
                sendersWait(sender, address, child, scope);
            }
            assertEquals(0, child.awaitExit(SOON));
        }
    }

    /** Its depth grows from look to look by what is sent, nothing goes out, and who does not take it stands there. */
    private static void growsAndIsNamed(Run json, String address, long consumer) {
        assertEquals(0, json.code(), json::toString);
        List<Map<String, Object>> rows = json.json();
        assertEquals(3, rows.size(), json::toString);
        double bytes = 0;
        double messages = 0;
        for (Map<String, Object> row : rows) {
            assertEquals(address, row.get("name"));
            assertTrue(number(row, "depthBytes") > bytes && number(row, "depthMessages") > messages, json::toString);
            if (bytes > 0) {
                assertEquals(number(row, "depthBytes") - bytes, number(row, "growthBytes"), json::toString);
            }
            bytes = number(row, "depthBytes");
            messages = number(row, "depthMessages");
            assertTrue(number(row, "growthBytes") > 0, json::toString);
            // Each message takes a little more than its length, and the clock is read beside.
            double rate = number(row, "inMessagesPerSecond");
            assertTrue(rate > 0 && rate < 1000, json::toString);
            assertTrue(number(row, "inBytesPerSecond") >= LENGTH * rate / 2, json::toString);
            assertEquals(0.0, number(row, "outMessagesPerSecond"));
            assertEquals(0.0, number(row, "outBytesPerSecond"));
            Map<?, ?> who = (Map<?, ?>) ((List<?>) row.get("peers")).stream()
                    .filter(peer -> "consumer".equals(((Map<?, ?>) peer).get("role"))).findFirst().orElseThrow();
            assertEquals((double) consumer, who.get("pid"));
            assertEquals("stopped", who.get("presence"));
            assertEquals(bytes, who.get("lagBytes"));
            assertFalse(((String) who.get("name")).isEmpty(), json::toString);
        }
    }

    /** When there is no room left. */
    private static void sendersWait(Sender sender, String address, ChildJvm child, IpcScope scope) throws Exception {
        while (sender.trySend(ByteBuffer.allocate(10 * LENGTH)) == SendResult.SENT) {
            continue;
        }
        Thread blocked = new Thread(() -> {
            try {
                sender.send(ByteBuffer.allocate(10 * LENGTH));
            } catch (InterruptedException never) {
                throw new AssertionError(never);
            }
        });
        blocked.start();
        Map<String, Object> row = Await.value(SOON, "a sender that waits", () -> {
            Map<String, Object> now = Run.of("top", scope.name("slow"), "-n", "1", "-d", "50ms", "--json")
                    .named(address);
            return now.get("blockedMillis") == null ? null : now;
        });
        assertTrue(number(row, "blockedMillis") > 0 && number(row, "blockedMillis") < SOON.toMillis(), row::toString);
        assertEquals(0.0, number(row, "inMessagesPerSecond"));
        Run text = Run.of("top", scope.name("slow"), "-n", "1", "-d", "50ms");
        assertTrue(text.out().matches("(?s).*  for \\d+m?s  .*" + address + ": pid " + SELF
                + " .*has been waiting for room for \\d+m?s\n.*"), text::toString);
        child.cont();
        blocked.join(SOON.toMillis());
        assertFalse(blocked.isAlive());
    }

    @ParameterizedTest
    @CsvSource({"q, 0", "^C, 130"})
    void aKeyEndsItAndTheTerminalIsAsItWas(String key, int code, IpcScope scope) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder("script", "-qec", "trap : INT; stty -g; " + java
                + " -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto " + Main.class.getName() + " top "
                + scope.name("none") + " -d 20ms; echo code=$?; stty -g", "/dev/null");
        builder.environment().put("CLASSPATH", Stream.of("java.class.path", "jdk.module.path")
                .map(name -> System.getProperty(name, "")).filter(path -> !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator)));
        builder.environment().put("TERM", "xterm");
        Process process = builder.redirectErrorStream(true).start();
        StringBuilder seen = new StringBuilder();
        try (BufferedReader screen = process.inputReader(); Writer keys = process.outputWriter()) {
            readUntil(screen, seen, "q ends this");
            readUntil(screen, seen, "0 objects");
            keys.write(key.equals("^C") ? "\3" : key);
            keys.flush();
            readUntil(screen, seen, null);
            assertTrue(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS), seen::toString);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        List<String> lines = seen.toString().lines().toList();
        String last = lines.get(lines.size() - 1);
        assertTrue(seen.toString().contains("code=" + code), seen::toString);
        assertTrue(last.matches("[0-9a-f:]{30,}"), seen::toString);
        assertEquals(last, lines.get(0));
        assertTrue(seen.lastIndexOf("\u001b[?25h") > seen.lastIndexOf("\u001b[?25l"), seen::toString);
    }

    /** To its end, if nothing is waited for. */
    private static void readUntil(BufferedReader screen, StringBuilder seen, String wanted) throws IOException {
        int begin = seen.length();
        for (int c = screen.read(); c >= 0; c = screen.read()) {
            seen.append((char) c);
            if (wanted != null && seen.indexOf(wanted, begin) >= 0) {
                return;
            }
        }
        assertTrue(wanted == null, () -> "\"" + wanted + "\" is missing in " + seen);
    }
}
