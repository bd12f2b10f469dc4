package org.jvmipc.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FdTest {

    private Fd reader;
    private Fd writer;

    @BeforeEach
    void open() {
        int[] ends = new int[2];
        NativeCallException.check(FileCalls.pipe2(ends, FileCalls.O_CLOEXEC), "pipe2", "");
        reader = Fd.own(ends[0], "reader");
        writer = Fd.own(ends[1], "writer");
    }

    @AfterEach
    void close() {
        reader.close();
        writer.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void movesBytesAndPositions(boolean direct) {
        byte[] data = new byte[50_000];
        new Random(1).nextBytes(data);
        ByteBuffer source = allocate(direct, data.length + 7).position(7);
        source.put(data).flip().position(7);
        assertEquals(data.length, writer.write(source.asReadOnlyBuffer()));
        assertEquals(7, source.position(), "that was a view with a position of its own");
        int rest = writer.write(source);
        assertTrue(rest > 0 && rest < data.length, "the pipe holds 64 KiB");
        assertEquals(7 + rest, source.position());
        ByteBuffer target = allocate(direct, data.length + 3).position(3);
        assertEquals(data.length, reader.read(target));
        assertFalse(target.hasRemaining());
        byte[] got = new byte[data.length];
        target.position(3).get(got);
        assertEquals(ByteBuffer.wrap(data), ByteBuffer.wrap(got));
    }

    @Test
    void tellsEmptyFullEndAndBrokenApart() {
        ByteBuffer target = ByteBuffer.allocate(10);
        assertEquals(Fd.WOULD_BLOCK, reader.read(target));
        assertEquals(0, target.position());
        ByteBuffer big = ByteBuffer.allocate(1 << 20);
        assertEquals(65536, writer.write(big));
        assertEquals(65536, big.position());
        assertEquals(Fd.WOULD_BLOCK, writer.write(big));
        assertEquals(0, writer.write(ByteBuffer.allocate(0)));
        assertEquals(0, reader.read(ByteBuffer.allocate(0)));
        assertThrows(ReadOnlyBufferException.class, () -> reader.read(target.asReadOnlyBuffer()));
        writer.close();
        assertEquals(65536, reader.read(ByteBuffer.allocateDirect(100_000)));
        assertEquals(Fd.EOF, reader.read(target));
        reader.close();
        assertEquals(Fd.CLOSED, reader.read(target));
        assertEquals(Fd.CLOSED, writer.write(target));
        assertEquals(Fd.CLOSED, reader.acquire());
        reader.close();
    }

    @Test
    void writeWithoutReaderIsAnError() {
        reader.close();
        NativeCallException e = assertThrows(NativeCallException.class, () -> writer.write(ByteBuffer.allocate(1)));
        assertEquals(Errno.EPIPE, e.errno());
    }

    @Test
    void numberIsKeptWhileACallUsesIt() {
        int number = reader.acquire();
        reader.close();
        assertFalse(reader.isOpen());
        assertTrue(FileCalls.fcntl(number, FileCalls.F_GETFL, 0) >= 0, "still open under the running call");
        reader.release();
        assertEquals(-Errno.EBADF, FileCalls.fcntl(number, FileCalls.F_GETFL, 0));
    }

    @Test
    void ownClosesWhatItCannotOwn() {
        assertEquals(Errno.EBADF, assertThrows(NativeCallException.class, () -> Fd.own(9999, "none")).errno());
    }

    @Test
    void closeHooksRunOnceAndNotLate() {
        int[] runs = new int[1];
        assertTrue(reader.onClose(() -> runs[0]++));
        reader.close();
        reader.close();
        assertFalse(reader.onClose(() -> runs[0]++));
        assertEquals(1, runs[0]);
    }

    /** A reader that goes on while others close and open must never read from somebody else's descriptor. */
    @Test
    void neverUsesAForeignDescriptor() throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int round = 0; round < 300; round++) {
            int[] ends = new int[2];
            FileCalls.pipe2(ends, FileCalls.O_CLOEXEC);
            Fd victim = Fd.own(ends[0], "victim");
            Thread user = new Thread(() -> {
                int result = Fd.WOULD_BLOCK;
                while (result == Fd.WOULD_BLOCK) {
                    result = victim.read(ByteBuffer.allocate(8));
                }
                if (result != Fd.CLOSED) {
                    failure.set(new AssertionError("read " + result));
                }
            });
            user.start();
            victim.close();
            int[] next = new int[2];
            FileCalls.pipe2(next, FileCalls.O_CLOEXEC);
            try (Fd nextReader = Fd.own(next[0], "next"); Fd nextWriter = Fd.own(next[1], "next")) {
                nextWriter.write(ByteBuffer.allocate(8));
                user.join(10_000);
                assertEquals(8, nextReader.read(ByteBuffer.allocate(8)));
            }
            FileCalls.close(ends[1]);
        }
        assertEquals(null, failure.get());
    }

    @Test
    void leavesNoDescriptorBehind() throws Exception {
        for (int i = 0; i < 3; i++) {
            roundWithSleepAndArm();
        }
        long before = count();
        for (int i = 0; i < 50; i++) {
            roundWithSleepAndArm();
        }
        Await.until("as many descriptors as before", () -> count() <= before);
    }

    private static void roundWithSleepAndArm() {
        int[] ends = new int[2];
        FileCalls.pipe2(ends, FileCalls.O_CLOEXEC);
        try (Fd in = Fd.own(ends[0], "in"); Fd out = Fd.own(ends[1], "out")) {
            FdReadiness readiness = new FdReadiness(in, PollCalls.POLLIN);
            readiness.sleep(1000);
            readiness.arm(() -> { });
            out.write(ByteBuffer.allocate(1));
        }
    }

    private static long count() {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static ByteBuffer allocate(boolean direct, int size) {
        return direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
    }
}
