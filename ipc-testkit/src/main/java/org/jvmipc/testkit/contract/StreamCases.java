package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jvmipc.testkit.Await;

/** Bytes in order, in the JDK's own terms: {@code WritableByteChannel} and {@code ReadableByteChannel}. */
interface StreamCases extends StreamBench {
    /** More than any channel holds that says that it can be filled. */
    long MUCH = 64L << 20;

    @Test
    default void shouldCarryBytesInOrderWhateverThePieces() throws Exception {
        StreamPair pair = stream();
        long count = 3 << 20;
        Task<Void> writing = bench().task("writing", () -> {
            Bytes.write(pair.sink(), 0, count, 100_000, 42);
            Bytes.write(pair.sink(), count, 2000, 3, 43);
            return null;
        });
        Bytes.read(pair.source(), 0, count, 70_000, 44);
        Bytes.read(pair.source(), count, 2000, 5, 45);
        writing.result();
    }

    @Test
    default void shouldTakeNoTimeAndNoByteForNothing() throws Exception {
        StreamPair pair = stream();
        ByteBuffer nothing = ByteBuffer.allocate(0);
        assertEquals(0, pair.source().read(nothing));
        assertEquals(0, pair.sink().write(nothing));
        Task<Void> writing = bench().task("writing", () -> {
            assertEquals(0, pair.sink().write(nothing));
            Bytes.write(pair.sink(), 0, 3, 1, 1);
            return null;
        });
        Bytes.read(pair.source(), 0, 3, 3, 1);
        writing.result();
    }

    @Test
    default void shouldReturnWhatIsThereInsteadOfWaitingForMore() throws Exception {
        StreamPair pair = stream();
        Task<Void> writing = bench().task("writing", () -> {
            pair.sink().write(Bytes.from(0, 5));
            return null;
        });
        ByteBuffer room = ByteBuffer.allocate(1000);
        int read = pair.source().read(room);
        assertTrue(read >= 1 && read <= 5, "read " + read);
        Bytes.check(0, room.flip());
        pair.expect(read, 5 - read);
        writing.result();
    }

    @Test
    default void shouldLeaveWhatIsBeyondTheLimitsOfBuffers() throws Exception {
        StreamPair pair = stream();
        ByteBuffer written = ByteBuffer.allocate(20).put(Bytes.from(0, 20)).position(4).limit(12);
        Task<Integer> writing = bench().task("writing", () -> pair.sink().write(written));
        ByteBuffer read = ByteBuffer.allocate(20).position(6).limit(14);
        while (read.hasRemaining()) {
            assertTrue(pair.source().read(read) > 0);
        }
        assertEquals(8, writing.result());
        assertEquals(12, written.position());
        assertEquals(12, written.limit());
        Bytes.check(4, read.flip().position(6));
        assertEquals(0, read.get(0), "nothing is written before the position");
        assertThrows(IllegalArgumentException.class,
                () -> pair.source().read(ByteBuffer.allocate(5).asReadOnlyBuffer()));
    }

    @Test
    default void shouldBlockTheWriterWhileFullAndWakeItWhenSpaceComes() throws Exception {
        StreamPair pair = smallStream();
        if (!bench().has(Trait.BOUNDED)) {
            pair.sink().close();
            assertFalse(pair.sink().isOpen());
            return;
        }
        Task<Void> writing = pair.fill(bench(), 4 << 20);
        assertFalse(writing.isDone());
        Bytes.read(pair.source(), 0, 4 << 20, 10_000, 7);
        writing.result();
    }

    @Test
    default void shouldBlockTheReaderWhileEmptyAndWakeItWhenAByteComes() throws Exception {
        StreamPair pair = stream();
        for (int i = 0; i < 3; i++) {
            int place = i;
            Task<Void> reading = bench().task("reading", () -> {
                pair.expect(place, 1);
                return null;
            });
            reading.awaitBlocked();
            assertEquals(1, pair.sink().write(Bytes.from(i, 1)));
            reading.result();
        }
    }

    @Test
    default void shouldEndAfterTheLastByte() throws Exception {
        StreamPair pair = stream();
        Task<Void> writing = bench().task("writing", () -> {
            Bytes.write(pair.sink(), 0, 10_000, 3000, 1);
            pair.sink().close();
            return null;
        });
        Bytes.read(pair.source(), 0, 10_000, 4000, 2);
        writing.result();
        if (!bench().has(Trait.ENDS)) {
            Task<Integer> reading = bench().task("reading", () -> pair.source().read(ByteBuffer.allocate(1)));
            reading.awaitBlocked();
            pair.source().close();
            assertInstanceOf(ClosedChannelException.class, reading.failure());
            return;
        }
        pair.expectEnd();
        pair.expectEnd();
        assertTrue(pair.source().isOpen());
    }

    @Test
    default void shouldWakeABlockedReaderAtTheEnd() throws Exception {
        StreamPair pair = stream();
        pass(pair);
        if (!bench().has(Trait.ENDS)) {
            pair.sink().close();
            assertTrue(pair.source().isOpen());
            return;
        }
        Task<Void> reading = bench().task("reading", () -> {
            pair.expectEnd();
            return null;
        });
        reading.awaitBlocked();
        pair.sink().close();
        reading.result();
    }

    /** Gets a first byte across, so that both ends have met. */
    private void pass(StreamPair pair) throws IOException {
        Task<Integer> writing = bench().task("writing", () -> pair.sink().write(Bytes.from(0, 1)));
        pair.expect(0, 1);
        assertEquals(1, writing.result());
    }

    @Test
    default void shouldFailAWriteWhenTheReaderHasGone() throws Exception {
        StreamPair pair = smallStream();
        pass(pair);
        if (!bench().has(Trait.NOTICES_RECEIVER)) {
            pair.source().close();
            assertTrue(pair.sink().isOpen());
            return;
        }
        boolean fills = bench().has(Trait.BOUNDED) || !bench().has(Trait.HOLDS);
        Task<Void> blocked = fills ? pair.fill(bench(), MUCH) : null;
        pair.source().close();
        if (fills) {
            assertBroken(blocked.failure());
        }
        assertBroken(assertThrows(IOException.class, () -> {
            for (int i = 0; i < 1000; i++) {
                pair.sink().write(Bytes.from(0, 1000));
            }
        }));
        assertTrue(pair.sink().isOpen());
    }

    private static void assertBroken(Throwable failure) {
        assertInstanceOf(IOException.class, failure);
        assertFalse(failure instanceof ClosedChannelException, "this end is open: " + failure);
    }

    @Test
    default void shouldWakeABlockedReaderThatIsClosed() throws Exception {
        StreamPair pair = stream();
        Task<Integer> reading = bench().task("reading", () -> pair.source().read(ByteBuffer.allocate(1)));
        reading.awaitBlocked();
        pair.source().close();
        assertInstanceOf(AsynchronousCloseException.class, reading.failure());
    }

    @Test
    default void shouldWakeABlockedWriterThatIsClosed() throws Exception {
        StreamPair pair = smallStream();
        if (!bench().has(Trait.BOUNDED) && bench().has(Trait.HOLDS)) {
            Bytes.write(pair.sink(), 0, 10_000, 1000, 1);
            pair.sink().close();
            Bytes.read(pair.source(), 0, 10_000, 1000, 1);
            return;
        }
        Task<Void> writing = pair.fill(bench(), MUCH);
        pair.sink().close();
        assertInstanceOf(AsynchronousCloseException.class, writing.failure());
    }

    @Test
    default void shouldRefuseUseAfterClose() throws Exception {
        StreamPair pair = stream();
        for (Channel end : List.of(pair.sink(), pair.source())) {
            assertTrue(end.isOpen());
            end.close();
            end.close();
            assertFalse(end.isOpen());
        }
        for (int size : new int[] {0, 1}) {
            assertThrows(ClosedChannelException.class, () -> pair.source().read(ByteBuffer.allocate(size)));
            assertThrows(ClosedChannelException.class, () -> pair.sink().write(ByteBuffer.allocate(size)));
        }
    }

    @Test
    default void shouldLetAnInterruptEndAReadAndLoseNothing() throws Exception {
        StreamPair pair = stream();
        Task<Boolean> reading = bench().task("reading", () -> {
            assertThrows(InterruptedIOException.class, () -> pair.source().read(ByteBuffer.allocate(8)));
            return Thread.currentThread().isInterrupted();
        });
        reading.awaitBlocked().interrupt();
        assertTrue(reading.result(), "as blocking I/O keeps it, the interrupt status stays");
        assertTrue(pair.source().isOpen());
        Task<Integer> writing = bench().task("writing", () -> pair.sink().write(Bytes.from(0, 100)));
        pair.expect(0, 100);
        assertEquals(100, writing.result());
    }

    @Test
    default void shouldTellHowMuchAnInterruptedWriteHasWritten() throws Exception {
        StreamPair pair = smallStream();
        if (!bench().has(Trait.BOUNDED) && bench().has(Trait.HOLDS)) {
            assertEquals(10, pair.sink().write(Bytes.from(0, 10)));
            pair.expect(0, 10);
            return;
        }
        ByteBuffer much = Bytes.from(0, 4 << 20);
        Task<Integer> writing = bench().task("writing", () -> {
            InterruptedIOException interrupted =
                    assertThrows(InterruptedIOException.class, () -> pair.sink().write(much));
            assertEquals(much.position(), interrupted.bytesTransferred);
            assertTrue(Thread.interrupted());
            return interrupted.bytesTransferred;
        });
        writing.awaitBlocked().interrupt();
        int written = writing.result();
        assertTrue(pair.sink().isOpen());
        Task<Integer> more = bench().task("writing more", () -> pair.sink().write(Bytes.from(written, 50)));
        Bytes.read(pair.source(), 0, written + 50, 10_000, 3);
        assertEquals(50, more.result());
    }

    @Test
    default void shouldWakeByEventsAndNotByTheClock() throws Exception {
        StreamPair there = open(bench().address("wait=block"));
        StreamPair back = open(bench().address("wait=block"));
        int rounds = 300;
        Task<Void> echo = bench().task("echo", () -> {
            for (int i = 0; i < rounds; i++) {
                there.expect(i, 1);
                back.sink().write(Bytes.from(i, 1));
            }
            return null;
        });
        for (int i = 0; i < rounds; i++) {
            there.sink().write(Bytes.from(i, 1));
            back.expect(i, 1);
        }
        echo.result();
    }

    @Test
    default void shouldOpenAndCloseOftenWithoutLeavingAnything() throws Exception {
        for (int i = 0; i < 300; i++) {
            StreamPair pair = openUntracked(bench().small());
            pair.sink().close();
            pair.source().close();
        }
        StreamPair last = stream();
        Await.until(Bench.PATIENCE, "a channel that is open", () -> last.sink().isOpen());
    }
}
