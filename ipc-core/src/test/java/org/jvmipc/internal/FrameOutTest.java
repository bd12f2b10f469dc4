package org.jvmipc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jvmipc.internal.Frames.OTHER;
import static org.jvmipc.internal.Frames.PEER;
import static org.jvmipc.internal.Frames.bye;
import static org.jvmipc.internal.Frames.describe;
import static org.jvmipc.internal.Frames.hello;
import static org.jvmipc.internal.Frames.join;
import static org.jvmipc.internal.Frames.receipt;
import static org.jvmipc.internal.Frames.text;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jvmipc.PeerDiedException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.SendResult;
import org.jvmipc.spi.ByteOut;
import org.jvmipc.spi.Role;

class FrameOutTest {
    private final ScriptedOut bytes = new ScriptedOut();
    private final ScriptedIn back = new ScriptedIn(false);

    private FrameOut sender(String options) {
        return Frames.link(bytes, null, Role.SENDER, options).out;
    }

    private static int[] ones(int count) {
        int[] ones = new int[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Test
    void shouldGreetBeforeTheFirstMessage() {
        FrameOut out = sender("");
        ByteBuffer message = text("hi");
        assertEquals(SendResult.SENT, out.offer(message));
        assertFalse(message.hasRemaining());
        assertEquals(SendResult.SENT, out.offer(text("")));
        assertEquals(List.of("HELLO", "hi", ""), describe(bytes.taken()));
    }

    @Test
    void shouldWriteOnByteByByte() {
        FrameOut out = sender("");
        bytes.then(ones(500));
        assertEquals(SendResult.SENT, out.offer(text("a longer message")));
        assertTrue(out.flush());
        assertEquals(List.of("HELLO", "a longer message"), describe(bytes.taken()));
    }

    @Test
    void shouldTakeNothingOfAMessageIfNotEvenOneByteGoes() {
        FrameOut out = sender("");
        out.greet();
        bytes.taken();
        bytes.then(0);
        ByteBuffer message = text("x");
        assertEquals(SendResult.FULL, out.offer(message));
        assertEquals(1, message.remaining());
        assertTrue(out.flush());
        assertEquals(SendResult.SENT, out.offer(message));
        assertEquals(List.of("x"), describe(bytes.taken()));
    }

    @Test
    void shouldAcceptAMessageWithItsFirstByteAndKeepTheRest() {
        FrameOut out = sender("");
        out.greet();
        bytes.taken();
        bytes.then(1).afterwards(0);
        ByteBuffer message = text("kept");
        assertEquals(SendResult.SENT, out.offer(message));
        assertFalse(message.hasRemaining());
        assertFalse(out.flush());
        assertEquals(SendResult.FULL, out.offer(text("later")));
        bytes.then(3, 2).afterwards(0);
        assertFalse(out.flush());
        bytes.afterwards(Integer.MAX_VALUE);
        assertTrue(out.flush());
        assertEquals(SendResult.SENT, out.offer(text("later")));
        assertEquals(List.of("kept", "later"), describe(bytes.taken()));
    }

    @Test
    void shouldKeepAHalfWrittenGreeting() {
        FrameOut out = sender("");
        bytes.then(5).afterwards(0);
        ByteBuffer message = text("m");
        assertEquals(SendResult.FULL, out.offer(message));
        assertEquals(1, message.remaining());
        bytes.afterwards(Integer.MAX_VALUE);
        assertEquals(SendResult.SENT, out.offer(message));
        assertEquals(List.of("HELLO", "m"), describe(bytes.taken()));
    }

    @Test
    void shouldWriteLargeAndSmallMessagesInTurn() {
        FrameOut out = sender("");
        String large = "L".repeat(200_000);
        for (int i = 0; i < 3; i++) {
            assertEquals(SendResult.SENT, out.offer(text(large)));
            assertEquals(SendResult.SENT, out.offer(text("small")));
        }
        assertEquals(List.of("HELLO", large, "small", large, "small", large, "small"), describe(bytes.taken()));
    }

    @Test
    void shouldSayThatNobodyIsThere() {
        FrameOut out = sender("");
        bytes.afterwards(ByteOut.NO_PEER);
        ByteBuffer message = text("m");
        assertEquals(SendResult.NO_RECEIVER, out.offer(message));
        assertEquals(1, message.remaining());
        assertTrue(out.flush());
        bytes.afterwards(Integer.MAX_VALUE);
        assertEquals(SendResult.SENT, out.offer(message));
        assertEquals(List.of("HELLO", "m"), describe(bytes.taken()));
    }

    @Test
    void shouldBeOverWhenThePeerHasGone() {
        FrameOut out = sender("");
        assertEquals(SendResult.SENT, out.offer(text("m")));
        bytes.afterwards(ByteOut.GONE);
        ByteBuffer message = text("n");
        assertEquals(SendResult.CLOSED, out.offer(message));
        assertEquals(1, message.remaining());
        assertEquals(SendResult.CLOSED, out.offer(message));
        assertTrue(out.flush());
    }

    @Test
    void shouldTellThatTheRestOfAMessageWasLostWithThePeer() {
        FrameOut out = sender("");
        out.greet();
        bytes.then(3).afterwards(0);
        assertEquals(SendResult.SENT, out.offer(text("message")));
        assertFalse(out.flush());
        bytes.afterwards(ByteOut.GONE);
        PeerGoneException gone = assertThrows(PeerGoneException.class, out::flush);
        assertTrue(gone.getMessage().contains("only in part"), gone.getMessage());
        assertTrue(out.flush());
        assertEquals(SendResult.CLOSED, out.offer(text("next")));
    }

    @Test
    void shouldNotAcceptAMessageThatIsLostWhileItIsWritten() {
        FrameOut out = sender("");
        out.greet();
        bytes.then(3, ByteOut.GONE);
        ByteBuffer message = text("message");
        assertEquals(SendResult.CLOSED, out.offer(message));
        assertEquals(7, message.remaining());
    }

    @Test
    void shouldGreetTheNextPeerAndSendItTheWholeMessageIfItWaits() {
        FrameOut out = sender("peerDeath=wait");
        assertEquals(SendResult.SENT, out.offer(text("one")));
        assertEquals(List.of("HELLO", "one"), describe(bytes.taken()));
        bytes.then(3, ByteOut.GONE).afterwards(ByteOut.NO_PEER);
        ByteBuffer message = text("two");
        assertEquals(SendResult.NO_RECEIVER, out.offer(message));
        assertEquals(SendResult.NO_RECEIVER, out.offer(message));
        assertEquals(3, message.remaining());
        bytes.taken();
        bytes.afterwards(Integer.MAX_VALUE);
        assertEquals(SendResult.SENT, out.offer(message));
        assertEquals(List.of("HELLO", "two"), describe(bytes.taken()));
    }

    @Test
    void shouldGiveTheNextPeerWhatTheLastOneGotInPartIfItWaits() {
        FrameLink link = Frames.link(bytes, new ScriptedIn(true), Role.SENDER, "peerDeath=wait");
        link.out.greet();
        bytes.then(3).afterwards(0);
        assertEquals(SendResult.SENT, link.out.offerForReceipt(text("whole")));
        long ticket = link.out.lastTicket();
        bytes.taken();
        bytes.then(ByteOut.GONE).afterwards(ByteOut.NO_PEER);
        assertFalse(link.out.flush());
        assertEquals(SendResult.NO_RECEIVER, link.out.offer(text("next")));
        assertThrows(PeerGoneException.class, () -> link.out.isTaken(ticket));
        bytes.afterwards(Integer.MAX_VALUE);
        assertTrue(link.out.flush());
        assertEquals(SendResult.SENT, link.out.offer(text("next")));
        assertEquals(List.of("HELLO", "whole", "next"), describe(bytes.taken()));
    }

    @Test
    void shouldCountReceipts() {
        FrameLink link = Frames.link(bytes, back, Role.SENDER, "");
        assertEquals(SendResult.SENT, link.out.offerForReceipt(text("a")));
        long first = link.out.lastTicket();
        assertEquals(SendResult.SENT, link.out.offer(text("b")));
        assertEquals(SendResult.SENT, link.out.offerForReceipt(text("c")));
        long second = link.out.lastTicket();
        assertEquals(List.of("HELLO", "a?", "b", "c?"), describe(bytes.taken()));
        assertFalse(link.out.isTaken(first));
        back.give(join(hello(PEER), receipt()));
        assertTrue(link.out.isTaken(first));
        assertFalse(link.out.isTaken(second));
        back.give(receipt());
        assertTrue(link.out.isTaken(second));
    }

    @Test
    void shouldTellThatNobodyConfirmed() {
        FrameLink link = Frames.link(bytes, back, Role.SENDER, "");
        link.out.offerForReceipt(text("a"));
        long first = link.out.lastTicket();
        link.out.offerForReceipt(text("b"));
        long second = link.out.lastTicket();
        back.give(join(hello(PEER), receipt())).end();
        assertTrue(link.out.isTaken(first));
        assertThrows(PeerDiedException.class, () -> link.out.isTaken(second));
    }

    @Test
    void shouldKeepTheReceiptsOfTwoConnectionsApart() {
        ScriptedIn again = new ScriptedIn(true);
        FrameLink link = Frames.link(bytes, again, Role.SENDER, "peerDeath=wait");
        link.out.offerForReceipt(text("a"));
        long first = link.out.lastTicket();
        link.out.offerForReceipt(text("b"));
        long second = link.out.lastTicket();
        again.give(join(hello(PEER), receipt(), bye(PEER, true))).end();
        link.in.pump();
        assertEquals(SendResult.SENT, link.out.offerForReceipt(text("c")));
        long third = link.out.lastTicket();
        assertTrue(link.out.isTaken(first));
        assertThrows(PeerGoneException.class, () -> link.out.isTaken(second));
        assertFalse(link.out.isTaken(third));
        again.give(join(hello(OTHER), receipt()));
        assertTrue(link.out.isTaken(third));
        assertEquals(List.of("HELLO", "a?", "b?", "HELLO", "c?"), describe(bytes.taken()));
    }

    @Test
    void shouldSayGoodBye() {
        FrameOut out = sender("");
        out.offer(text("m"));
        out.close();
        assertTrue(bytes.isClosed());
        assertEquals(List.of("HELLO", "m", "BYE all"), describe(bytes.taken()));
        assertEquals(SendResult.CLOSED, out.offer(text("n")));
        assertTrue(out.flush(), "a closed port has nothing left to do");
    }

    @Test
    void shouldSayGoodByeForHalfAndForAll() {
        FrameLink link = Frames.link(bytes, back, Role.BOTH, "");
        link.out.close();
        assertEquals(List.of("HELLO", "BYE"), describe(bytes.taken()));
        assertTrue(bytes.isClosed());
        ScriptedOut others = new ScriptedOut();
        FrameLink other = Frames.link(others, new ScriptedIn(false), Role.BOTH, "");
        other.in.close();
        assertFalse(others.isClosed());
        assertEquals(SendResult.SENT, other.out.offer(text("still")));
        other.out.close();
        assertEquals(List.of("HELLO", "still", "BYE all"), describe(others.taken()));
    }

    @Test
    void shouldMakeRoomForTheGoodByeIfThereIsNone() {
        FrameOut out = sender("");
        bytes.then(Integer.MAX_VALUE, 5, 0).afterwards(0).withMoreRoom(Integer.MAX_VALUE);
        assertEquals(SendResult.SENT, out.offer(text("message")));
        out.close();
        assertEquals(List.of("HELLO", "message", "BYE all"), describe(bytes.taken()), "after the rest of the message");
        FrameOut full = Frames.link(bytes.again(), null, Role.SENDER, "").out;
        assertEquals(SendResult.SENT, full.offer(text("message")));
        bytes.then(0).withMoreRoom(Integer.MAX_VALUE);
        full.close();
        assertEquals(List.of("HELLO", "message", "BYE all"), describe(bytes.taken()), "without any rest");
    }

    @Test
    void shouldNotWaitForRoomForTheGoodBye() {
        FrameOut out = sender("");
        bytes.then(Integer.MAX_VALUE, 5).afterwards(0);
        assertEquals(SendResult.SENT, out.offer(text("message")));
        out.close();
        assertTrue(bytes.isClosed());
        assertEquals(List.of("HELLO", "torn"), describe(bytes.taken()));
    }

    @Test
    void shouldHeedTheLimitOfAtomicWrites() {
        assertEquals(1 << 10, sender("maxMessage=1k").maxMessage());
        assertTrue(sender("maxMessage=1k").limitAdvice().contains("maxMessage"));
    }
}
