package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousByteChannel;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadPendingException;
import java.nio.channels.WritePendingException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;

/** The {@code AsynchronousByteChannel} contract, and connections that carry bytes both ways. */
interface AsyncStreamCases extends StreamBench {
    /** The two ends of a channel. */
    record AsyncPair(AsynchronousByteChannel sink, AsynchronousByteChannel source) {
    }

    private AsyncPair asyncStream(Address address) {
        AsynchronousByteChannel source = bench().track(Ipc.asynchronousSource(address));
        return new AsyncPair(bench().track(Ipc.asynchronousSink(Ipc.addressOf(source))), source);
    }

    private static int count(Future<Integer> future) throws Exception {
        return future.get(Bench.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static Throwable failure(Future<Integer> future) {
        return assertThrows(ExecutionException.class, () -> count(future)).getCause();
    }

    /** Reads and checks a row. */
    private static void expect(AsynchronousByteChannel source, long from, int count) throws Exception {
        ByteBuffer room = ByteBuffer.allocate(count);
        while (room.hasRemaining()) {
            assertTrue(count(source.read(room)) > 0);
        }
        Bytes.check(from, room.flip());
    }

    @Test
    default void shouldReadAndWriteAsynchronously() throws Exception {
        AsyncPair pair = asyncStream(bench().small());
        int total = 300_000;
        Task<Void> writing = bench().task("writing", () -> {
            ByteBuffer row = Bytes.from(0, total);
            while (row.hasRemaining()) {
                int before = row.position();
                int written = count(pair.sink().write(row));
                assertTrue(written > 0);
                assertEquals(before + written, row.position());
            }
            return null;
        });
        for (int place = 0; place < total; place += 10_000) {
            expect(pair.source(), place, 10_000);
        }
        writing.result();
    }

    @Test
    default void shouldCallCompletionHandlers() throws Exception {
        AsyncPair pair = asyncStream(bench().address());
        CompletableFuture<Integer> read = new CompletableFuture<>();
        CompletableFuture<Integer> written = new CompletableFuture<>();
        ByteBuffer room = ByteBuffer.allocate(10);
        pair.source().read(room, "the read", new Completion(read));
        pair.sink().write(Bytes.from(0, 1), "the write", new Completion(written));
        assertEquals(1, count(read));
        assertEquals(1, count(written));
        Bytes.check(0, room.flip());
    }

    /** Passes on what it is told. */
    record Completion(CompletableFuture<Integer> future)
            implements CompletionHandler<Integer, String> {
        @Override
        public void completed(Integer count, String attachment) {
            assertNotNull(attachment);
            future.complete(count);
        }

        @Override
        public void failed(Throwable failure, String attachment) {
            assertNotNull(attachment);
            future.completeExceptionally(failure);
        }
    }

    @Test
    default void shouldRefuseASecondReadWhileOneIsPending() throws Exception {
        AsyncPair pair = asyncStream(bench().address());
        ByteBuffer room = ByteBuffer.allocate(1);
        Future<Integer> pending = pair.source().read(room);
        assertFalse(pending.isDone());
        assertThrows(ReadPendingException.class, () -> pair.source().read(ByteBuffer.allocate(1)));
        assertEquals(1, count(pair.sink().write(Bytes.from(0, 1))));
        assertEquals(1, count(pending));
        Bytes.check(0, room.flip());
    }

    @Test
    default void shouldRefuseASecondWriteWhileOneIsPending() throws Exception {
        AsyncPair pair = asyncStream(bench().small());
        if (bench().has(Trait.HOLDS) && !bench().has(Trait.BOUNDED)) {
            assertEquals(5, count(pair.sink().write(Bytes.from(0, 5))));
            return;
        }
        long place = 0;
        Future<Integer> last;
        do {
            ByteBuffer piece = Bytes.from(place, 4096);
            last = pair.sink().write(piece);
            place += last.isDone() ? last.get() : 0;
        } while (last.isDone());
        assertThrows(WritePendingException.class, () -> pair.sink().write(Bytes.from(0, 1)));
        ByteBuffer room = ByteBuffer.allocate(4096);
        for (long read = 0; read < place; read += room.position()) {
            assertTrue(count(pair.source().read(room.clear().limit((int) Math.min(4096, place - read)))) > 0);
            Bytes.check(read, room.duplicate().flip());
        }
        Future<Integer> pending = last;
        Task<Void> rest = bench().task("reading", () -> {
            expect(pair.source(), 0, 0);
            assertTrue(count(pair.source().read(ByteBuffer.allocate(1))) > 0);
            return null;
        });
        assertTrue(count(pending) > 0);
        rest.result();
    }

    @Test
    default void shouldLoseNoByteToACancelledRead() throws Exception {
        AsyncPair pair = asyncStream(bench().address());
        assertTrue(pair.source().read(ByteBuffer.allocate(10)).cancel(true));
        Future<Integer> written = pair.sink().write(Bytes.from(0, 3));
        expect(pair.source(), 0, 3);
        assertEquals(3, count(written));
    }

    @Test
    default void shouldEndWithMinusOne() throws Exception {
        AsyncPair pair = asyncStream(bench().address());
        Future<Integer> written = pair.sink().write(Bytes.from(0, 3));
        expect(pair.source(), 0, 3);
        assertEquals(3, count(written));
        Future<Integer> pending = pair.source().read(ByteBuffer.allocate(5));
        pair.sink().close();
        if (bench().has(Trait.ENDS)) {
            assertEquals(-1, count(pending));
            assertEquals(-1, count(pair.source().read(ByteBuffer.allocate(5))));
        } else {
            pair.source().close();
            assertInstanceOf(AsynchronousCloseException.class, failure(pending));
        }
    }

    @Test
    default void shouldFailPendingOperationsWhenClosed() throws Exception {
        AsyncPair pair = asyncStream(bench().address());
        Future<Integer> pending = pair.source().read(ByteBuffer.allocate(5));
        pair.source().close();
        assertInstanceOf(AsynchronousCloseException.class, failure(pending));
        assertFalse(pair.source().isOpen());
        assertInstanceOf(ClosedChannelException.class, failure(pair.source().read(ByteBuffer.allocate(5))));
        pair.sink().close();
        assertInstanceOf(ClosedChannelException.class, failure(pair.sink().write(Bytes.from(0, 1))));
    }

    @Test
    default void shouldRefuseTheDirectionThatItDoesNotHave() {
        AsyncPair pair = asyncStream(bench().address());
        assertThrows(NonReadableChannelException.class, () -> pair.sink().read(ByteBuffer.allocate(1)));
        assertThrows(NonWritableChannelException.class, () -> pair.source().write(ByteBuffer.allocate(1)));
        assertThrows(IllegalArgumentException.class,
                () -> pair.source().read(ByteBuffer.allocate(1).asReadOnlyBuffer()));
    }

    /** A listener, or null after having seen that the scheme has none. */
    private Listener listener() {
        Address address = bench().address();
        if (bench().has(Trait.LISTENS)) {
            return bench().track(Ipc.listen(address));
        }
        assertThrows(UnsupportedOperationException.class, () -> Ipc.listen(address));
        return null;
    }

    @Test
    default void shouldCarryBytesBothWaysAtOnce() throws Exception {
        Listener listener = listener();
        if (listener == null) {
            return;
        }
        ByteChannel caller = bench().track(Ipc.stream(listener.address()));
        ByteChannel callee = bench().track(listener.acceptStream(Bench.PATIENCE));
        long count = 1 << 20;
        Task<Void> there = bench().task("there", () -> {
            Bytes.write(caller, 0, count, 10_000, 1);
            return null;
        });
        Task<Void> back = bench().task("back", () -> {
            Bytes.write(callee, 5, count, 10_000, 2);
            return null;
        });
        Task<Void> reading = bench().task("reading", () -> {
            Bytes.read(caller, 5, count, 10_000, 3);
            return null;
        });
        Bytes.read(callee, 0, count, 10_000, 4);
        reading.result();
        there.result();
        back.result();
        caller.close();
        assertEquals(-1, callee.read(ByteBuffer.allocate(1)));
    }

    @Test
    default void shouldCarryBytesBothWaysAsynchronously() throws Exception {
        Listener listener = listener();
        if (listener == null) {
            return;
        }
        AsynchronousByteChannel caller = bench().track(Ipc.asynchronousStream(listener.address()));
        ByteChannel callee = bench().track(listener.acceptStream(Bench.PATIENCE));
        Future<Integer> answer = caller.read(ByteBuffer.allocate(4));
        Future<Integer> question = caller.write(Bytes.from(0, 4));
        Bytes.read(callee, 0, 4, 4, 1);
        assertEquals(4, count(question));
        callee.write(Bytes.from(7, 4));
        assertTrue(count(answer) > 0);
    }
}
