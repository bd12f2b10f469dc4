package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Duplex;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.Received;
import org.jvmipc.TransferResult;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Talking with programs that know nothing of this project, and with one that knows the format of frames only. */
@IpcDir
@ExtendWith(SharedThreads.class)
final class InteropTest {
    private static final String LINES = "one\ntwo\n" + "three ".repeat(20_000) + "\n";

    @Test
    void shouldAnswerNetcat(IpcScope scope) throws Exception {
        Tools.require("nc");
        Path path = scope.path("s");
        try (Listener listener = Ipc.listen("unix:" + path)) {
            Process nc = Tools.start("nc -N -U " + path, LINES);
            try (ByteChannel stream = listener.acceptStream(Courier.PATIENCE)) {
                assertEquals(LINES, Tools.readAll(stream));
                stream.write(Courier.bytes("answer"));
            }
            assertEquals("answer", Tools.output(nc));
        }
    }

    @Test
    void shouldReceiveFromSocatWithoutAnyListener(IpcScope scope) throws Exception {
        Tools.require("socat");
        for (String options : new String[] {"", "?descriptors=true"}) {
            Path path = scope.path("s");
            try (ReadableByteChannel source = Ipc.source("unix:" + path + options)) {
                Process socat = Tools.start("socat -u - UNIX-CONNECT:" + path, LINES);
                assertEquals(LINES, Tools.readAll(source));
                Tools.output(socat);
            }
        }
    }

    @Test
    void shouldSendToSocatThatListens(IpcScope scope) throws Exception {
        Tools.require("socat");
        Path path = scope.path("s");
        Process socat = Tools.start("socat -u UNIX-LISTEN:" + path + ",mode=600 -", "");
        Await.until(Courier.PATIENCE, "socat to listen", () -> Files.exists(path));
        try (WritableByteChannel sink = Ipc.sink("unix:" + path)) {
            ByteBuffer bytes = Courier.bytes(LINES);
            while (bytes.hasRemaining()) {
                sink.write(bytes);
            }
        }
        assertEquals(LINES, Tools.output(socat));
        Files.deleteIfExists(path);
    }

    @Test
    void shouldCarryLinesOverAFifoToAndFromTheShell(IpcScope scope) throws Exception {
        Path path = scope.path("f");
        try (ReadableByteChannel source = Ipc.source("fifo:" + path)) {
            Process writer = Tools.start("cat > " + path, LINES);
            assertEquals(LINES, Tools.readAll(source));
            Tools.output(writer);
        }
        Process reader;
        try (WritableByteChannel sink = Ipc.sink("fifo:" + path)) {
            reader = Tools.start("cat " + path, "");
            sink.write(Courier.bytes("for the shell\n"));
        }
        assertEquals("for the shell\n", Tools.output(reader));
    }

    @Test
    void shouldTalkInFramesWithPython(IpcScope scope) throws Exception {
        Tools.require("python3");
        Path path = scope.path("s");
        Path program = Files.writeString(scope.path("frames.py"), read("frames.py"));
        try (Listener listener = Ipc.listen("unix:" + path)) {
            Process python = Tools.start("python3 " + program + " " + path, "");
            try (Duplex duplex = listener.accept(Courier.PATIENCE)) {
                assertEquals("hello from python", Courier.text(duplex.receiver().receive(Courier.PATIENCE)));
                Received empty = duplex.receiver().receive(Courier.PATIENCE);
                assertEquals("", Courier.text(empty));
                assertEquals(python.pid(), empty.message().sender().pid(), "it has introduced itself");
                duplex.sender().send(Courier.bytes("hello from java"), Courier.PATIENCE);
                assertSame(TransferResult.TAKEN,
                        duplex.sender().transfer(Courier.bytes("please confirm"), Courier.PATIENCE));
                assertEquals("got [hello from java] [please confirm]",
                        Courier.text(duplex.receiver().receive(Courier.PATIENCE)));
                assertSame(Received.END, duplex.receiver().receive(Courier.PATIENCE));
            }
            assertEquals("receipt seen\n", Tools.output(python));
        }
        Files.delete(program);
    }

    private static String read(String resource) throws Exception {
        try (var in = InteropTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldWaitForAWriterWithoutEnding(IpcScope scope) throws Exception {
        Path path = scope.path("f");
        try (var receiver = Ipc.receiver("fifo:" + path)) {
            assertSame(Received.TIMED_OUT, receiver.receive(Duration.ofMillis(120)));
            Process printf = Tools.start("sh -c \"printf '\\\\000\\\\000\\\\000\\\\005hello' > " + path + "\"", "");
            assertEquals("hello", Courier.text(receiver.receive(Courier.PATIENCE)));
            assertSame(Received.END, receiver.receive(Courier.PATIENCE));
            Tools.output(printf);
        }
    }
}
