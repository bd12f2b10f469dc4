package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.junit.jupiter.api.Test;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;

/** Bytes between two processes, until one of them dies. */
interface RemoteStreamCases extends RemoteBench {
    int MUCH = 3 << 20;

    private WritableByteChannel writingTo(Remote other, Address address) {
        WritableByteChannel sink = bench().track(Ipc.sink(address));
        other.ask("source", Ipc.addressOf(sink));
        return sink;
    }

    private ReadableByteChannel readingFrom(Remote other, Address address) {
        ReadableByteChannel source = bench().track(Ipc.source(address));
        other.ask("sink", Ipc.addressOf(source));
        return source;
    }

    private static int read(ReadableByteChannel source) throws IOException {
        return source.read(ByteBuffer.allocate(1));
    }

    @Test
    default void shouldWriteToAnotherProcess() throws Exception {
        WritableByteChannel sink = writingTo(remote(), bench().small());
        int reading = remote().tell("read", 0, MUCH);
        Bytes.write(sink, 0, MUCH, 60_000, 1);
        remote().answer(reading);
        sink.close();
        if (bench().has(Trait.ENDS)) {
            assertEquals("-1", remote().ask("readEnd"));
        }
    }

    @Test
    default void shouldReadFromAnotherProcess() throws Exception {
        ReadableByteChannel source = readingFrom(remote(), bench().small());
        int writing = remote().tell("write", 0, MUCH);
        Bytes.read(source, 0, MUCH, 60_000, 1);
        remote().answer(writing);
        remote().ask("close");
        if (bench().has(Trait.ENDS)) {
            assertEquals(-1, read(source));
            assertEquals(-1, read(source));
        }
    }

    @Test
    default void shouldWakeTheOtherProcessByEventsAndNotByTheClock() throws Exception {
        WritableByteChannel sink = writingTo(remote(), bench().address("wait=block"));
        ReadableByteChannel source = readingFrom(remote(), bench().address("wait=block"));
        int rounds = 300;
        int echo = remote().tell("echoBytes", rounds);
        for (int i = 0; i < rounds; i++) {
            sink.write(Bytes.from(i, 1));
            Bytes.read(source, i, 1, 1, 1);
        }
        remote().answer(echo);
    }

    @Test
    default void shouldTalkBothWaysWithAnotherProcess() throws Exception {
        if (!bench().has(Trait.LISTENS)) {
            assertThrows(UnsupportedOperationException.class, () -> Ipc.listen(bench().address()));
            return;
        }
        Listener listener = bench().track(Ipc.listen(bench().address()));
        remote().ask("stream", listener.address());
        ByteChannel stream = bench().track(listener.acceptStream(Bench.PATIENCE));
        int echo = remote().tell("echoBytes", 100);
        for (int i = 0; i < 100; i++) {
            stream.write(Bytes.from(i, 1));
            Bytes.read(stream, i, 1, 1, 1);
        }
        remote().answer(echo);
        remote().ask("close");
        assertEquals(-1, read(stream));
    }

    @Test
    default void shouldDeliverWhatAKilledProcessHadWritten() throws Exception {
        Remote mortal = mortal();
        ReadableByteChannel source = readingFrom(mortal, bench().address());
        mortal.ask("write", 0, 2000);
        mortal.kill();
        Bytes.read(source, 0, 2000, 300, 1);
        if (bench().has(Trait.ENDS)) {
            assertEquals(-1, read(source));
        }
        assertTrue(source.isOpen());
        mortal.awaitDeath();
    }

    @Test
    default void shouldEndInTheMiddleOfWhatAKilledProcessWrites() throws Exception {
        Remote mortal = mortal();
        ReadableByteChannel source = readingFrom(mortal, bench().small());
        mortal.tell("write", 0, Integer.MAX_VALUE);
        Bytes.read(source, 0, MUCH, 60_000, 1);
        mortal.kill();
        mortal.awaitDeath();
        if (!bench().has(Trait.ENDS)) {
            assertTrue(source.isOpen());
            return;
        }
        ByteBuffer room = ByteBuffer.allocate(10_000);
        for (long place = MUCH;; place += room.position()) {
            int count;
            try {
                count = source.read(room.clear());
            } catch (IOException broken) {
                assertFalse(broken instanceof ClosedChannelException, "this end is open: " + broken);
                return;
            }
            if (count < 0) {
                return;
            }
            Bytes.check(place, room.duplicate().flip());
        }
    }

    @Test
    default void shouldFailAWriteToAKilledProcess() throws Exception {
        boolean notices = bench().has(Trait.NOTICES_RECEIVER) && bench().has(Trait.BOUNDED);
        Remote mortal = notices ? mortal() : remote();
        Address address = bench().small();
        WritableByteChannel sink = writingTo(mortal, address);
        int reading = mortal.tell("read", 0, 10);
        sink.write(Bytes.from(0, 10));
        mortal.answer(reading);
        if (!notices) {
            mortal.ask("close");
            assertTrue(sink.isOpen());
            return;
        }
        Task<Void> writing = new StreamPair(sink, null).fill(bench(), StreamCases.MUCH);
        mortal.kill();
        Throwable failure = writing.failure();
        assertInstanceOf(IOException.class, failure);
        assertFalse(failure instanceof ClosedChannelException, "this end is open: " + failure);
        Address peers = Ipc.addressOf(sink);
        sink.close();
        takeOverWhatIsLeft(mortal, peers);
    }
}
