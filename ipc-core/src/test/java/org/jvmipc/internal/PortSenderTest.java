package org.jvmipc.internal;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.jvmipc.internal.Frames.text;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Address;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.Claim;
import org.jvmipc.Duplex;
import org.jvmipc.Ipc;
import org.jvmipc.IpcException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.spi.AfterAcceptance;
import org.jvmipc.spi.ByteLink;
import org.jvmipc.spi.ByteOut;
import org.jvmipc.spi.MessageLink;
import org.jvmipc.spi.Peers;
import org.jvmipc.spi.Waiter;

class PortSenderTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Address ADDRESS = Address.of("test", "x");

    private final ScriptedMessageOut out = new ScriptedMessageOut(false);
    private final ScriptedOut bytes = new ScriptedOut();

    private static Sender over(ScriptedMessageOut port) {
        return Endpoints.sender(new MessageLink(ADDRESS, port, null, new Peers()), Frames.values(""));
    }

    private Sender overBytes() {
        return Endpoints.sender(new ByteLink(ADDRESS, bytes, null, null), Frames.values(""));
    }

    private static Throwable failure(CompletableFuture<?> future) {
        return assertThrows(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS)).getCause();
    }

    @Test
    void shouldTellABlockedSenderThatItsReceiverWentInTheMiddleOfTheMessage() {
        Sender sender = overBytes();
        bytes.then(3).then(0, 0, 0, 0).afterwards(ByteOut.GONE);
        assertThrows(PeerGoneException.class, () -> sender.send(text("a message")));
        assertEquals(SendResult.CLOSED, sender.trySend(text("next")));
    }

    @Test
    void shouldNotTakeAMessageOfWhichThePeerGotAPartOnly() {
        Sender sender = overBytes();
        bytes.then(3, 0, ByteOut.GONE);
        ByteBuffer message = text("a message");
        assertEquals(SendResult.CLOSED, sender.trySend(message));
        assertEquals(9, message.remaining());
        assertEquals(0, sender.status().sent());
    }

    @Test
    void shouldLingerUntilTheRestIsWritten() throws Exception {
        Sender sender = overBytes();
        bytes.then(3).afterwards(0);
        assertEquals(SendResult.SENT, sender.trySend(text("a message")));
        CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(() -> {
            try {
                return sender.close(LONG);
            } catch (InterruptedException unexpected) {
                throw new AssertionError(unexpected);
            }
        });
        bytes.afterwards(Integer.MAX_VALUE);
        assertTrue(closed.get(20, TimeUnit.SECONDS));
        assertEquals(List.of("HELLO", "a message", "BYE all"), Frames.describe(bytes.taken()));
    }

    @Test
    void shouldGiveUpTheRestWhenLingeringTakesTooLongOrThePeerHasGone() throws Exception {
        Sender slow = overBytes();
        bytes.then(3).afterwards(0);
        assertEquals(SendResult.SENT, slow.trySend(text("a message")));
        assertFalse(slow.close(Duration.ofMillis(5)));
        assertFalse(slow.isOpen());
        ScriptedOut others = new ScriptedOut();
        Sender lost = Endpoints.sender(new ByteLink(ADDRESS, others, null, null), Frames.values(""));
        others.then(3).afterwards(0);
        assertEquals(SendResult.SENT, lost.trySend(text("a message")));
        others.afterwards(ByteOut.GONE);
        assertFalse(lost.close(LONG));
    }

    @Test
    void shouldSayGoodByeForBothDirectionsWhenADuplexLingers() throws Exception {
        Duplex duplex = Endpoints.duplex(
                new ByteLink(ADDRESS, bytes, new ScriptedIn(false), null), Frames.values(""));
        duplex.sender().send(text("m"));
        assertTrue(duplex.close(LONG));
        assertEquals(List.of("HELLO", "m", "BYE all"), Frames.describe(bytes.taken()));
    }

    @Test
    void shouldLookAfterPeersAlsoIfCallsNeverWaitLong() {
        assumeTrue(Waiter.SLICE_NANOS < 1_000_000_000, "the safety net was taken away, and its rhythm with it");
        Sender sender = over(out);
        out.answer(SendResult.FULL);
        int before = out.idles.get();
        Until.passes(() -> sender.trySend(text("x")) == SendResult.FULL && out.idles.get() > before);
        int after = out.idles.get();
        Until.passes(() -> {
            assertThrows(IpcTimeoutException.class, () -> sender.send(text("x"), Duration.ofMillis(1)));
            return out.idles.get() > after;
        });
        assertEquals(List.of(), out.sent());
    }

    @Test
    void shouldCompleteTransfersAlsoWhileTheChannelIsFull() throws Exception {
        Sender sender = over(out);
        CompletableFuture<Void> first = sender.transferAsync(text("1"));
        out.answer(SendResult.FULL);
        CompletableFuture<Void> second = sender.transferAsync(text("2"));
        // Only from here on is the first looked for while the second waits.
        Until.passes(() -> !first.isDone() && !second.isDone() && out.sent().size() == 1);
        out.confirm(1);
        first.get(20, TimeUnit.SECONDS);
        assertFalse(second.isDone());
        out.answer(SendResult.SENT);
        out.confirm(2);
        second.get(20, TimeUnit.SECONDS);
    }

    @Test
    void shouldCompleteWhatWasTakenBeforeItFailsTheRest() throws Exception {
        Sender sender = over(out);
        CompletableFuture<Void> first = sender.transferAsync(text("1"));
        out.answer(SendResult.FULL);
        CompletableFuture<Void> second = sender.transferAsync(text("2"));
        out.confirm(1);
        out.answer(SendResult.CLOSED);
        first.get(20, TimeUnit.SECONDS);
        assertInstanceOf(PeerGoneException.class, failure(second));
    }

    @Test
    void shouldRefuseAsynchronousSendsAfterClose() {
        Sender sender = over(out);
        sender.close();
        ByteBuffer message = text("late");
        assertInstanceOf(ChannelClosedException.class, failure(sender.sendAsync(message)));
        assertInstanceOf(ChannelClosedException.class, failure(sender.transferAsync(message)));
        assertEquals(4, message.remaining());
        assertEquals(List.of(), out.sent());
    }

    @Test
    void shouldFailWhatWaitsWhenClosed() {
        Sender sender = over(out);
        out.answer(SendResult.FULL);
        CompletableFuture<Void> waiting = sender.sendAsync(text("1"));
        sender.close();
        assertInstanceOf(ChannelClosedException.class, failure(waiting));
    }

    /** What a disk says that refuses to take what stands in the queue. */
    private static final class Refused extends IpcException implements AfterAcceptance {
        private static final long serialVersionUID = 1L;

        Refused() {
            super("accepted, but");
        }
    }

    @Test
    void shouldTellOnlyTheSenderOfAMessageWhatFailedAfterItWasAccepted() throws Exception {
        Sender sender = over(out);
        out.failAfterwards(new Refused());
        assertThrows(Refused.class, () -> sender.trySend(text("1")));
        out.answer(SendResult.FULL);
        CompletableFuture<Void> refused = sender.sendAsync(text("2"));
        CompletableFuture<Void> behind = sender.sendAsync(text("3"));
        out.failAfterwards(new Refused());
        out.answer(SendResult.SENT);
        assertInstanceOf(Refused.class, failure(refused));
        behind.get(20, TimeUnit.SECONDS);
        sender.send(text("4"));
        assertEquals(List.of("1", "2", "3", "4"), out.sent());
        assertEquals(4, sender.status().sent());
        sender.close();
    }

    @Test
    void shouldCountWhatWasAcceptedOfABatchOrAClaimThatFailsAfterwards() throws Exception {
        try (Sender sender = over(out)) {
            out.lends(true);
            out.failAfterwards(new Refused());
            ByteBuffer[] two = {text("1"), text("22")};
            assertThrows(Refused.class, () -> sender.trySend(two, 0, 2));
            assertEquals(1, sender.status().sent());
            ByteBuffer block = text("345");
            out.failAfterwards(new Refused());
            assertThrows(Refused.class, () -> sender.trySend(block, 1));
            assertEquals("45", Frames.text(block));
            assertEquals(2, sender.status().sent());
            out.failAfterwards(new Refused());
            Claim claim = sender.tryClaim(1);
            claim.buffer().put((byte) '6');
            assertThrows(Refused.class, claim::commit);
            assertEquals(3, sender.status().sent());
        }
        assertEquals(List.of("1", "3", "6"), out.sent());
    }

    @Test
    void shouldNotHaveAStreamWriteAgainWhatWasAccepted() {
        ByteBuffer bytes = text("x".repeat(out.maxMessage() + 500));
        out.failAfterwards(new Refused());
        SegmentOut stream = new SegmentOut(out);
        assertThrows(Refused.class, () -> stream.write(bytes));
        assertEquals(500, bytes.remaining());
    }

    @Test
    void shouldBeginToGuardAPortForOneThreadInTheMiddleOfACall() throws Exception {
        ScriptedMessageOut single = new ScriptedMessageOut(true);
        Sender sender = over(single);
        single.flushes(false);
        assertEquals(SendResult.SENT, sender.trySend(text("1")));
        single.flushes(true);
        sender.sendAsync(text("2")).get(20, TimeUnit.SECONDS);
        sender.send(text("3"));
        assertTrue(sender.close(LONG));
        assertEquals(List.of("1", "2", "3"), single.sent());
    }

    @Test
    @Timeout(20)
    void shouldConfirmEachTransferWhenItIsTakenThoughAnotherReceiverIsSlow() throws Exception {
        try (Sender sender = Ipc.sender("mem:sender-slow"); Receiver slow = Ipc.receiver("mem:sender-slow");
                Receiver quick = Ipc.receiver("mem:sender-slow")) {
            CompletableFuture<Void> first = sender.transferAsync(text("1"));
            CompletableFuture<Void> second = sender.transferAsync(text("2"));
            assertEquals(1, slow.poll(message -> {
                assertEquals("2", quick.tryReceive().text());
                assertDoesNotThrow(() -> second.get(10, TimeUnit.SECONDS));
                assertFalse(first.isDone(), "the slow receiver has it in hand");
            }, 1));
            first.get(10, TimeUnit.SECONDS);
        }
    }
}
