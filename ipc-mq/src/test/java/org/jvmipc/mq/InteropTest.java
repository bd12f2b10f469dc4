package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Messages to and from programs in Python that use the kernel's queues by modules of others. */
@IpcDir
@ExtendWith(SharedThreads.class)
final class InteropTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** A program from this test's resources, and what it says. */
    private static final class Script implements AutoCloseable {
        private final Process process;
        private final BufferedReader lines;

        Script(String python, Path file, Object... args) throws Exception {
            String[] command = new String[args.length + 2];
            command[0] = python;
            command[1] = file.toString();
            for (int i = 0; i < args.length; i++) {
                command[i + 2] = args[i].toString();
            }
            process = Tools.start(command);
            lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        String says() throws Exception {
            return lines.readLine();
        }

        void goOn() throws Exception {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        }

        void ends() throws Exception {
            assertTrue(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS));
            assertEquals(0, process.exitValue());
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private static Path copy(IpcScope scope, String resource) throws Exception {
        Path file = scope.path(resource);
        scope.mayLeave(file);
        try (InputStream in = InteropTest.class.getResourceAsStream(resource)) {
            Files.copy(in, file);
        }
        return file;
    }

    private static byte[] allBytes() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    @Test
    void shouldExchangeMessagesAndPrioritiesWithPython(IpcScope scope) throws Exception {
        String python = Tools.python("ctypes");
        copy(scope, "posix_queue_c.py");
        scope.mayLeave(scope.path("__pycache__"));
        Path program = copy(scope, "posix_queue.py");
        String there = Subjects.POSIX_NAMES.apply(scope, "there").toString();
        String back = Subjects.POSIX_NAMES.apply(scope, "back").toString();
        try (Sender sender = Ipc.sender(there + "?maxMessages=4&messageSize=1000")) {
            sender.send(QueuePeer.bytes("ordinary"));
            sender.send(ByteBuffer.allocate(0));
            PosixQueues.setPriority(sender, 12_345);
            sender.send(QueuePeer.bytes("urgent, in ÜTF-8"));
            exchange(new Script(python, program, scope.name("there"), scope.name("back")), back);
        }
    }

    private static void exchange(Script started, String back) throws Exception {
        try (Script script = started) {
            assertEquals("ready 4 1000", script.says());
            assertEquals("12345 17 urgent, in ÜTF-8", script.says());
            assertEquals("0 8 ordinary", script.says());
            assertEquals("0 0 ", script.says());
            assertEquals("sent 4", script.says());
            try (Receiver receiver = Ipc.receiver(back + "?open=attach&maxMessages=5")) {
                assertEquals("31/0 high", take(receiver));
                assertEquals("1/0 low", take(receiver));
                assertEquals("1/0 ", take(receiver));
                assertArrayEquals(allBytes(), receiver.receive(LONG).message().bytes());
            }
            script.goOn();
            assertEquals("left 0", script.says());
            script.ends();
        }
    }

    private static String take(Receiver receiver) throws InterruptedException {
        Received received = receiver.receive(LONG);
        return received.message().priority() + "/" + received.message().type() + " " + received.text();
    }

    @Test
    void shouldExchangeMessagesAndTypesWithPython(IpcScope scope) throws Exception {
        String python = Tools.python("sysv_ipc");
        Path program = copy(scope, "sysv_queue.py");
        String there = "sysvmq:" + scope.key("there");
        String back = "sysvmq:" + scope.key("back");
        try (Sender sender = Ipc.sender(there + "?type=7")) {
            SysvQueues.setType(sender, 5);
            sender.send(QueuePeer.bytes("five"));
            SysvQueues.setType(sender, 4);
            sender.send(QueuePeer.bytes("four"));
            SysvQueues.setType(sender, 6);
            sender.send(ByteBuffer.allocate(0));
            SysvQueues.setType(sender, 7);
            sender.send(QueuePeer.bytes("seven, in ÜTF-8"));
            try (Script script = new Script(python, program, scope.key("there"), scope.key("back"), program)) {
                assertEquals("ready " + SysvQueues.ftok(program, 65), script.says());
                assertEquals("7 16 seven, in ÜTF-8", script.says());
                assertEquals("4 4 four", script.says());
                assertEquals("5 4 five", script.says());
                assertEquals("6 0 ", script.says());
                assertEquals("sent 4", script.says());
                try (Receiver receiver = Ipc.receiver(back + "?open=attach");
                        Receiver two = Ipc.receiver(back + "?open=attach&typeAtMost=2")) {
                    assertEquals("0/1 ", take(two));
                    assertEquals("0/2 two", take(two));
                    assertEquals("0/9 nine", take(receiver));
                    Received last = receiver.receive(LONG);
                    assertEquals(1L << 30, last.message().type());
                    assertArrayEquals(allBytes(), last.message().bytes());
                }
                script.goOn();
                assertEquals("left 0", script.says());
                script.ends();
            }
        }
    }
}
