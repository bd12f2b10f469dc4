package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.jvmipc.Address;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.Ipc;
import org.jvmipc.Message;
import org.jvmipc.MessageTooLargeException;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;

/** What goes in comes out: all of it, in order, with its boundaries, and nothing else. */
interface DeliveryCases extends Cases {
    /** Around the sizes at which headers, words, lines, pages and pipes end. */
    int[] EDGES = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, 1016,
        1023, 1024, 1025, 4079, 4088, 4095, 4096, 4097, 8191, 8192, 8193, 16384, 40000, 65535, 65536, 65537};

    @Test
    default void shouldDeliverInOrder() throws Exception {
        Pair pair = bench().pair();
        int count = 3000;
        Task<Void> sending = bench().task("sending", () -> {
            for (int i = 0; i < count; i++) {
                pair.send(i, i % Math.min(64, pair.size));
            }
            return null;
        });
        for (int i = 0; i < count; i++) {
            pair.expect(i, i % Math.min(64, pair.size));
        }
        sending.result();
        pair.expectNothing();
    }

    @Test
    default void shouldKeepTheBoundariesOfMessages() throws Exception {
        Pair pair = bench().pair();
        int[] sizes = IntStream.of(EDGES).filter(size -> size <= pair.sender.maxMessage()).toArray();
        Task<Void> sending = bench().task("sending", () -> {
            for (int size : sizes) {
                pair.send(size, size);
            }
            for (int i = sizes.length - 1; i >= 0; i--) {
                pair.send(i, sizes[i]);
            }
            return null;
        });
        for (int size : sizes) {
            pair.expect(size, size);
        }
        for (int i = sizes.length - 1; i >= 0; i--) {
            pair.expect(i, sizes[i]);
        }
        sending.result();
    }

    @Test
    default void shouldDeliverAnEmptyMessageAsAMessage() throws Exception {
        Pair pair = bench().pair();
        Task<Void> sending = bench().task("sending", () -> {
            pair.send(1, 0);
            pair.send(2, 1);
            pair.send(3, 0);
            return null;
        });
        Received empty = pair.receiver.receive(Bench.PATIENCE);
        assertEquals(Received.Kind.MESSAGE, empty.kind());
        assertEquals(0, empty.message().length());
        pair.expect(2, 1);
        pair.expect(3, 0);
        sending.result();
    }

    @Test
    default void shouldDeliverTheLargestMessage() throws Exception {
        Pair pair = bench().pair(bench().subject().limited(bench().address()));
        int largest = pair.sender.maxMessage();
        Task<Void> sending = bench().task("sending", () -> {
            pair.send(1, largest);
            pair.send(2, largest - 1);
            pair.send(3, largest);
            return null;
        });
        pair.expect(1, largest);
        pair.expect(2, largest - 1);
        pair.expect(3, largest);
        sending.result();
    }

    @Test
    default void shouldRefuseAMessageLargerThanTheLargest() throws Exception {
        Pair pair = bench().pair(bench().subject().limited(bench().address()));
        Sender sender = pair.sender;
        int size = sender.maxMessage() + 1;
        ByteBuffer message = Payload.of(0, size);
        List<MessageTooLargeException> refusals = new ArrayList<>();
        refusals.add(assertThrows(MessageTooLargeException.class, () -> sender.send(message)));
        refusals.add(assertThrows(MessageTooLargeException.class, () -> sender.send(message, Bench.PATIENCE)));
        refusals.add(assertThrows(MessageTooLargeException.class, () -> sender.trySend(message)));
        refusals.add(assertThrows(MessageTooLargeException.class, () -> sender.trySend(message, size)));
        refusals.add(assertThrows(MessageTooLargeException.class, () -> sender.sendAsync(message)));
        refusals.add(assertThrows(MessageTooLargeException.class, () -> sender.tryClaim(size)));
        if (bench().has(Trait.TRANSFERS)) {
            refusals.add(assertThrows(MessageTooLargeException.class, () -> sender.transfer(message)));
            refusals.add(
                    assertThrows(MessageTooLargeException.class, () -> sender.transfer(message, Bench.PATIENCE)));
            refusals.add(assertThrows(MessageTooLargeException.class, () -> sender.transferAsync(message)));
        }
        for (MessageTooLargeException refusal : refusals) {
            assertEquals(size, refusal.size());
            assertEquals(size - 1, refusal.limit());
            assertTrue(refusal.getMessage().contains(String.valueOf(size)), refusal.getMessage());
            assertTrue(refusal.getMessage().contains(String.valueOf(size - 1)), refusal.getMessage());
        }
        assertEquals(0, message.position());
        Task<Void> sending = bench().task("sending", () -> {
            pair.send(1, 1);
            return null;
        });
        pair.expect(1, 1);
        sending.result();
        assertEquals(1, sender.status().sent());
    }

    @Test
    default void shouldCarryMuchMoreThanItHolds() throws Exception {
        Pair pair = bench().smallPair();
        int size = Math.min(4096, pair.sender.maxMessage());
        long most = bench().has(Trait.DROPS_OLDEST) ? pair.sender.status().capacityBytes() / 4 : 16 << 20;
        int count = (int) Math.min(20_000, most / size);
        Task<Void> sending = bench().task("sending", () -> {
            for (int i = 0; i < count; i++) {
                pair.send(i, size);
            }
            return null;
        });
        for (int i = 0; i < count; i++) {
            pair.expect(i, size);
        }
        sending.result();
    }

    @Test
    default void shouldNotCareWhichEndIsOpenedFirst() throws Exception {
        Pair pair = bench().pairFromSender(bench().address());
        Task<Void> sending = bench().task("sending", () -> {
            pair.send(1);
            pair.send(2);
            return null;
        });
        pair.expect(1);
        pair.expect(2);
        sending.result();
    }

    @Test
    default void shouldHoldMessagesForAReceiverToComeOrSayThatThereIsNone() throws Exception {
        Sender sender = bench().track(Ipc.sender(bench().address()));
        int size = Math.min(64, sender.maxMessage());
        ByteBuffer message = Payload.of(1, size);
        if (bench().has(Trait.HOLDS_BEFORE_RECEIVER)) {
            assertEquals(SendResult.SENT, sender.trySend(message));
            sender.send(Payload.of(2, size), Bench.PATIENCE);
            Receiver receiver = bench().track(Ipc.receiver(sender.address()));
            Payload.assertIs(1, size, receiver.receive(Bench.PATIENCE));
            Payload.assertIs(2, size, receiver.receive(Bench.PATIENCE));
            return;
        }
        assertEquals(SendResult.NO_RECEIVER, sender.trySend(message));
        assertThrows(IpcTimeoutException.class, () -> sender.send(message, Bench.ms(20)));
        assertEquals(0, message.position());
        Task<Void> sending = bench().task("sending", () -> {
            sender.send(message);
            return null;
        });
        sending.awaitBlocked();
        Receiver receiver = bench().track(Ipc.receiver(sender.address()));
        Payload.assertIs(1, size, receiver.receive(Bench.PATIENCE));
        sending.result();
    }

    @Test
    default void shouldSendSeveralAtOnceInOrderAndTellHowMany() throws Exception {
        Pair pair = bench().smallPair();
        ByteBuffer[] none = {ByteBuffer.allocate(1)};
        assertThrows(IndexOutOfBoundsException.class, () -> pair.sender.trySend(none, 1, 1));
        assertEquals(0, pair.sender.trySend(none, 1, 0));
        ByteBuffer[] batch = new ByteBuffer[3];
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < batch.length; i++) {
                batch[i] = Payload.of(3 * round + i, pair.size);
            }
            int count = pair.sender.trySend(batch, 0, batch.length);
            for (int i = 0; i < batch.length; i++) {
                assertEquals(i < count ? 0 : pair.size, batch[i].remaining(), "message " + i + " of " + count);
            }
            if (!bench().has(Trait.HOLDS)) {
                assertEquals(0, count);
                pair.expectNothing();
                return;
            }
            int received = 3 * round;
            pair.expectAll(received, received + count);
            for (int i = count; i < batch.length; i++) {
                pair.send(received + i);
                pair.expect(received + i);
            }
        }
        assertEquals(60, pair.sender.status().sent());
        pair.sender.close();
        assertEquals(-1, pair.sender.trySend(none, 0, 1));
    }

    @Test
    default void shouldSendSeveralOfOneSizeFromOneBuffer() throws Exception {
        Pair pair = bench().smallPair();
        int size = pair.size;
        ByteBuffer one = ByteBuffer.allocate(size);
        assertThrows(IllegalArgumentException.class, () -> pair.sender.trySend(one, 0));
        assertThrows(IllegalArgumentException.class, () -> pair.sender.trySend(one, size + 1));
        assertEquals(0, pair.sender.trySend(ByteBuffer.allocate(0), size));
        int inBuffer = 3;
        for (int round = 0; round < 20; round++) {
            ByteBuffer batch = (round % 2 == 0 ? ByteBuffer.allocate(inBuffer * size + 5)
                    : ByteBuffer.allocateDirect(inBuffer * size + 5)).position(5);
            for (int i = 0; i < inBuffer; i++) {
                batch.put(Payload.of(inBuffer * round + i, size));
            }
            int count = pair.sender.trySend(batch.flip().position(5), size);
            assertEquals(5 + count * size, batch.position());
            assertEquals(5 + inBuffer * size, batch.limit());
            if (!bench().has(Trait.HOLDS)) {
                assertEquals(0, count);
                pair.expectNothing();
                return;
            }
            int received = inBuffer * round;
            pair.expectAll(received, received + count);
            for (int i = count; i < inBuffer; i++) {
                pair.send(received + i);
                pair.expect(received + i);
            }
        }
        assertEquals(60, pair.sender.status().sent());
        pair.sender.close();
        assertEquals(-1, pair.sender.trySend(one, size));
    }

    @Test
    default void shouldSendFromPositionToLimitOfAnyKindOfBuffer() throws Exception {
        Pair pair = bench().pair();
        byte[] inner = Payload.bytes(1, Math.min(24, pair.size));
        ByteBuffer heap = ByteBuffer.allocate(inner.length + 12).position(5).put(inner).flip().position(5);
        ByteBuffer direct = ByteBuffer.allocateDirect(inner.length + 12).position(7).put(inner).flip().position(7);
        ByteBuffer slice = ByteBuffer.allocate(inner.length + 20).position(3).slice().position(2).put(inner).flip()
                .position(2).order(ByteOrder.LITTLE_ENDIAN);
        List<ByteBuffer> buffers = List.of(heap, direct, slice, ByteBuffer.wrap(inner).asReadOnlyBuffer());
        Task<Void> sending = bench().task("sending", () -> {
            for (ByteBuffer buffer : buffers) {
                int limit = buffer.limit();
                pair.sender.send(buffer, Bench.PATIENCE);
                assertEquals(limit, buffer.position());
                assertEquals(limit, buffer.limit());
            }
            return null;
        });
        for (int i = 0; i < buffers.size(); i++) {
            assertArrayEquals(inner, pair.receiver.receive(Bench.PATIENCE).message().bytes());
        }
        sending.result();
        assertEquals(ByteOrder.LITTLE_ENDIAN, slice.order());
    }

    @Test
    default void shouldCopyTheMessageBeforeSendReturnsAndGiveItsReceiverOneOfItsOwn() throws Exception {
        Pair pair = bench().pair();
        Task<Void> sending = bench().task("sending", () -> {
            ByteBuffer reused = ByteBuffer.allocate(pair.size);
            for (int i = 0; i < 3; i++) {
                reused.clear().put(Payload.bytes(i, pair.size)).flip();
                pair.sender.send(reused, Bench.PATIENCE);
            }
            reused.clear().put(new byte[pair.size]);
            return null;
        });
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            messages.add(pair.receiver.receive(Bench.PATIENCE).message());
        }
        sending.result();
        for (int i = 0; i < 3; i++) {
            Message message = messages.get(i);
            Payload.assertIs(i, pair.size, message);
            ByteBuffer payload = message.payload();
            assertTrue(payload.isReadOnly());
            assertEquals(ByteOrder.BIG_ENDIAN, payload.order());
            assertEquals(0, payload.position());
            payload.get();
            assertEquals(pair.size, message.payload().remaining(), "each view has a position of its own");
        }
    }

    @Test
    default void shouldDeliverAllOfAMessageOrNothing() throws Exception {
        Pair pair = bench().smallPair();
        if (!bench().has(Trait.HOLDS)) {
            ByteBuffer message = Payload.of(1, pair.size);
            assertEquals(SendResult.NO_RECEIVER, pair.sender.trySend(message));
            assertEquals(0, message.position());
            pair.expectNothing();
            return;
        }
        if (!bench().has(Trait.BOUNDED)) {
            for (int i = 0; i < 20_000; i++) {
                assertEquals(SendResult.SENT, pair.sender.trySend(Payload.of(i, Math.min(16, pair.size))));
            }
            return;
        }
        int count = pair.fill();
        ByteBuffer refused = Payload.of(count, pair.size);
        assertEquals(SendResult.FULL, pair.sender.trySend(refused));
        assertEquals(0, refused.position());
        assertThrows(IpcTimeoutException.class, () -> pair.sender.send(refused, Bench.ms(10)));
        assertEquals(0, refused.position());
        pair.expectAll(0, count);
        pair.expectNothing();
        pair.send(count + 1);
        pair.expect(count + 1);
        assertEquals(count + 1, pair.sender.status().sent());
    }

    @Test
    default void shouldRefuseNull() {
        Pair pair = bench().pair();
        assertThrows(NullPointerException.class, () -> pair.sender.send(null));
        assertThrows(NullPointerException.class, () -> pair.sender.trySend(null));
        assertThrows(NullPointerException.class, () -> pair.receiver.receive(null));
        assertThrows(NullPointerException.class, () -> pair.receiver.poll(null, 1));
        assertThrows(IllegalArgumentException.class, () -> pair.sender.tryClaim(-1));
        assertEquals(Received.EMPTY, pair.receiver.tryReceive());
        assertFalse(pair.sender.status().closed());
    }

    @Test
    default void shouldKeepChannelsApart() throws Exception {
        Address first = bench().address();
        Address second = bench().address();
        Pair one = bench().pair(first);
        Pair other = bench().pair(second);
        Task<Void> sending = bench().task("sending", () -> {
            one.send(1);
            other.send(2);
            one.send(3);
            return null;
        });
        one.expect(1);
        other.expect(2);
        one.expect(3);
        sending.result();
        other.expectNothing();
    }
}
