package org.jvmipc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jvmipc.internal.Frames.OTHER;
import static org.jvmipc.internal.Frames.PEER;
import static org.jvmipc.internal.Frames.bye;
import static org.jvmipc.internal.Frames.data;
import static org.jvmipc.internal.Frames.dataForReceipt;
import static org.jvmipc.internal.Frames.describe;
import static org.jvmipc.internal.Frames.frame;
import static org.jvmipc.internal.Frames.hello;
import static org.jvmipc.internal.Frames.join;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.BrokenFrameException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.PeerDiedException;
import org.jvmipc.PeerEvent;
import org.jvmipc.spi.ByteOut;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.Role;

class FrameInTest {
    private final List<String> got = new ArrayList<>();

    private static FrameIn receiver(ScriptedIn in, String options) {
        return Frames.link(null, in, Role.RECEIVER, options).in;
    }

    private int poll(FrameIn in, int limit) {
        return in.poll(message -> got.add(Frames.text(message)), limit);
    }

    private int poll(FrameIn in) {
        return poll(in, 100);
    }

    @Test
    void shouldPutFramesTogetherByteByByte() {
        ScriptedIn bytes = new ScriptedIn(false)
                .drip(join(hello(PEER), data("one"), data(""), data("two"), bye(PEER, true))).end();
        FrameIn in = receiver(bytes, "");
        assertEquals(3, poll(in));
        assertEquals(List.of("one", "", "two"), got);
        assertEquals(MessageIn.END, poll(in));
        assertEquals(MessageIn.END, poll(in));
        assertEquals(PEER, in.lastSender());
    }

    @Test
    void shouldGiveNothingUntilAFrameIsComplete() {
        ScriptedIn bytes = new ScriptedIn(false);
        FrameIn in = receiver(bytes, "");
        byte[] frame = data("whole");
        for (byte one : frame) {
            assertEquals(0, poll(in));
            bytes.give(new byte[] {one});
        }
        assertEquals(1, poll(in));
        assertEquals(List.of("whole"), got);
    }

    @Test
    void shouldHeedTheLimitAndKeepTheRest() {
        FrameIn in = receiver(new ScriptedIn(false).give(join(data("1"), data("2"), data("3"))), "");
        assertEquals(2, poll(in, 2));
        assertEquals(1, poll(in, 2));
        assertEquals(List.of("1", "2", "3"), got);
    }

    @Test
    void shouldCarryAMessageLargerThanItsBufferAndShrinkAgain() {
        String large = "x".repeat(3 << 20);
        FrameIn in = receiver(new ScriptedIn(false).give(join(data("a"), data(large), data("b"))), "");
        assertEquals(3, poll(in));
        assertEquals(List.of("a", large, "b"), got);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 6})
    void shouldTellOfATornFrameOnceBeforeTheEnd(int length) {
        byte[] torn = new byte[length];
        System.arraycopy(data("torn"), 0, torn, 0, length);
        FrameIn in = receiver(new ScriptedIn(false).give(data("good")).give(torn).end(), "");
        assertEquals(1, poll(in, 1));
        BrokenFrameException told = assertThrows(BrokenFrameException.class, () -> poll(in));
        assertTrue(told.getMessage().contains("first " + length + " bytes of it are dropped"), told.getMessage());
        assertEquals(MessageIn.END, poll(in));
    }

    @Test
    void shouldCountWhatItHandedOnBeforeItTellsOfATornFrame() {
        FrameIn in = receiver(new ScriptedIn(false).give(join(data("good"), new byte[] {0, 0})).end(), "");
        assertEquals(1, poll(in));
        assertThrows(BrokenFrameException.class, () -> poll(in));
        assertEquals(MessageIn.END, poll(in));
        assertEquals(List.of("good"), got);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x3fff_ffff, 0x4000_0000 | 1025, 0xffff_ffff, 0x8000_0001, 0xc000_0401, 1025})
    void shouldRefuseALyingLengthWithoutTakingMemory(int header) {
        ScriptedIn bytes = new ScriptedIn(false);
        FrameIn in = receiver(bytes, "maxMessage=1k");
        bytes.give(Frames.bytes(ByteBuffer.allocate(4).putInt(header).flip())).give(new byte[100]);
        assertEquals(0, poll(receiver(new ScriptedIn(false).give(new byte[3]), "")));
        long before = allocated();
        BrokenFrameException told = assertThrows(BrokenFrameException.class, () -> poll(in));
        long taken = allocated() - before;
        assertTrue(taken < 1 << 20, "took " + taken + " bytes");
        assertTrue(told.getMessage().contains((header & FrameFormat.LENGTH_MASK) + " bytes, where at most"),
                told.getMessage());
        // Which limits messages, and not what the ends tell each other.
        assertEquals(header >>> 30 <= FrameFormat.DATA_FOR_RECEIPT, told.getMessage().contains("raise maxMessage"));
        assertEquals(1, bytes.drops);
        assertEquals(MessageIn.END, poll(in));
    }

    @Test
    void shouldTakeMemoryOnlyForBytesThatCame() {
        ScriptedIn bytes = new ScriptedIn(false);
        FrameIn in = receiver(bytes, "maxMessage=1073741823");
        bytes.give(Frames.bytes(ByteBuffer.allocate(4).putInt(FrameFormat.LENGTH_MASK).flip())).give(new byte[1 << 20]);
        long before = allocated();
        assertEquals(0, poll(in));
        long taken = allocated() - before;
        assertTrue(taken < 8 << 20, "took " + taken + " bytes for 1 MiB that came");
        bytes.end();
        assertThrows(BrokenFrameException.class, () -> poll(in));
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    @Test
    void shouldCutManyRandomPiecesAtTheRightPlaces() {
        Random random = new Random(7);
        ScriptedIn bytes = new ScriptedIn(false);
        FrameIn in = receiver(bytes, "");
        List<String> sent = new ArrayList<>();
        byte[][] frames = new byte[300][];
        for (int i = 0; i < frames.length; i++) {
            String text = i + "x".repeat(random.nextInt(random.nextInt(40_000) + 1));
            sent.add(text);
            frames[i] = data(text);
        }
        byte[] all = join(frames);
        for (int from = 0; from < all.length;) {
            int length = Math.min(all.length - from, 1 + random.nextInt(50_000));
            byte[] piece = new byte[length];
            System.arraycopy(all, from, piece, 0, length);
            bytes.give(piece);
            from += length;
            if (random.nextInt(3) == 0) {
                assertTrue(poll(in, 1 + random.nextInt(5)) >= 0);
            }
        }
        while (poll(in) > 0) {
            assertTrue(got.size() <= sent.size());
        }
        assertEquals(sent, got);
    }

    @Test
    void shouldPassOverControlFramesThatItDoesNotKnow() {
        byte[] unknown = frame(FrameFormat.CONTROL, new byte[] {99, 1, 2, 3});
        byte[] empty = frame(FrameFormat.CONTROL, new byte[0]);
        byte[] shortHello = frame(FrameFormat.CONTROL, new byte[] {FrameFormat.HELLO, 1, 2});
        byte[] shortBye = frame(FrameFormat.CONTROL, new byte[] {FrameFormat.BYE, 1});
        byte[] most = frame(FrameFormat.CONTROL, new byte[FrameFormat.MAX_CONTROL]);
        FrameIn in = receiver(
                new ScriptedIn(false).give(join(unknown, empty, shortHello, shortBye, most, data("after"))), "");
        assertEquals(1, poll(in));
        assertEquals(List.of("after"), got);
    }

    @Test
    void shouldRefuseAnotherVersion() {
        byte[] hello = hello(PEER);
        hello[5] = 9;
        FrameIn in = receiver(new ScriptedIn(false).give(join(hello, data("x"))), "");
        IncompatibleChannelException refused = assertThrows(IncompatibleChannelException.class, () -> poll(in));
        assertTrue(refused.getMessage().contains("pid 4711 (a.Peer) speaks frame version 9, this side version 1"),
                refused.getMessage());
        assertEquals(List.of(), got);
    }

    @Test
    void shouldRefuseAnotherTypeAndNameBoth() {
        byte[] hello = Frames.bytes(FrameFormat.hello(PEER, 0xabcL, ""));
        FrameIn in = receiver(new ScriptedIn(false).give(join(hello, data("x"))), "typeHash=def");
        IncompatibleChannelException refused = assertThrows(IncompatibleChannelException.class, () -> poll(in));
        assertTrue(refused.getMessage().contains("messages of type abc, this side expects def"), refused.getMessage());
        FrameIn untyped = receiver(new ScriptedIn(false).give(join(hello, data("x"))), "");
        assertEquals(1, poll(untyped));
    }

    @Test
    void shouldGoOnWithTheNextPeerAfterOneOfAnotherType() {
        byte[] wrong = Frames.bytes(FrameFormat.hello(PEER, 0xabcL, ""));
        byte[] right = Frames.bytes(FrameFormat.hello(OTHER, 0xdefL, ""));
        ScriptedIn bytes = new ScriptedIn(true).give(join(wrong, data("x"), bye(PEER, true))).end()
                .give(join(right, data("y")));
        FrameIn in = receiver(bytes, "typeHash=def&peerDeath=wait");
        assertThrows(IncompatibleChannelException.class, () -> poll(in));
        assertEquals(1, poll(in));
        assertEquals(List.of("y"), got);
        assertEquals(OTHER, in.lastSender());
    }

    @Test
    void shouldConfirmAfterTheHandlerAlsoIfItThrows() {
        ScriptedOut back = new ScriptedOut();
        FrameLink link = Frames.link(back, new ScriptedIn(false).give(join(dataForReceipt("a"), dataForReceipt("b"))),
                Role.RECEIVER, "");
        assertThrows(IllegalStateException.class, () -> link.in.poll(message -> {
            assertEquals(List.of("HELLO"), describe(back.taken()));
            throw new IllegalStateException("mine");
        }, 10));
        assertEquals(List.of("receipt"), describe(back.taken()));
        assertEquals(1, poll(link.in));
        assertEquals(List.of("receipt"), describe(back.taken()));
        assertEquals(List.of("b"), got);
    }

    @Test
    void shouldGoFromPeerToPeerIfItWaitsForThem() {
        ScriptedIn bytes = new ScriptedIn(true).give(join(hello(PEER), data("1"), bye(PEER, true))).end()
                .give(join(hello(OTHER), data("2")));
        FrameIn in = receiver(bytes, "peerDeath=wait");
        assertEquals(2, poll(in));
        assertEquals(List.of("1", "2"), got);
        assertEquals(OTHER, in.lastSender());
        assertEquals(0, poll(in));
    }

    @Test
    void shouldDropWhatADeadPeerLeftHalfDoneAndGoOnWithTheNext() {
        byte[] torn = {0, 0, 0, 9, 'x'};
        ScriptedIn bytes = new ScriptedIn(true).give(join(hello(PEER), torn)).end().give(join(hello(OTHER), data("2")));
        FrameIn in = receiver(bytes, "peerDeath=wait");
        assertThrows(BrokenFrameException.class, () -> poll(in));
        assertEquals(1, poll(in));
        assertEquals(List.of("2"), got);
    }

    @Test
    void shouldDropAConnectionOfNonsenseAndGoOnWithTheNext() {
        ScriptedIn bytes = new ScriptedIn(true).give(join(new byte[] {(byte) 0xff, -1, -1, -1}, data("lost"))).end()
                .give(data("2"));
        FrameIn in = receiver(bytes, "peerDeath=wait");
        assertThrows(BrokenFrameException.class, () -> poll(in));
        assertEquals(1, bytes.drops);
        assertEquals(1, poll(in));
        assertEquals(List.of("2"), got);
    }

    @Test
    void shouldConfirmOnTheConnectionThatTheMessageCameBy() {
        ScriptedOut back = new ScriptedOut();
        ScriptedIn bytes = new ScriptedIn(true).give(join(hello(PEER), dataForReceipt("1"), bye(PEER, true))).end()
                .give(join(hello(OTHER), dataForReceipt("2")));
        FrameLink link = Frames.link(back, bytes, Role.RECEIVER, "peerDeath=wait");
        assertEquals(1, poll(link.in, 1));
        assertEquals(List.of("HELLO", "receipt"), describe(back.taken()));
        assertEquals(1, poll(link.in, 1));
        assertEquals(List.of("HELLO", "receipt"), describe(back.taken()));
    }

    @Test
    void shouldNotConfirmToTheNextPeerWhatTheLastOneSent() {
        ScriptedOut back = new ScriptedOut();
        ScriptedIn bytes = new ScriptedIn(true).give(join(hello(PEER), dataForReceipt("1"), bye(PEER, true))).end();
        FrameLink link = Frames.link(back, bytes, Role.RECEIVER, "peerDeath=wait");
        link.in.idle();
        link.in.pump();
        assertEquals(0, bytes.left());
        back.taken();
        assertEquals(1, poll(link.in));
        assertFalse(describe(back.taken()).contains("receipt"), "the one who waited for it has gone");
    }

    @Test
    void shouldTellWhoLeftAndWhoDied() throws Exception {
        ScriptedOut out = new ScriptedOut();
        FrameLink left = Frames.link(out, new ScriptedIn(false).give(join(hello(PEER), bye(PEER, true))).end(),
                Role.BOTH, "");
        assertEquals(MessageIn.END, poll(left.in));
        assertEquals(0, left.peers().alive());
        assertEquals("x: pid 4711 (a.Peer) has closed its end", left.goneException("x").getMessage());
        FrameLink died = Frames.link(out, new ScriptedIn(false).give(hello(PEER)).end(), Role.BOTH, "");
        assertEquals(MessageIn.END, poll(died.in));
        assertEquals(PeerDiedException.class, died.goneException("x").getClass());
        assertTrue(died.isGone());
        FrameLink half = Frames.link(out, new ScriptedIn(false).give(join(hello(PEER), bye(PEER, false))).end(),
                Role.BOTH, "");
        assertEquals(MessageIn.END, poll(half.in));
        assertFalse(half.isGone());
        assertEquals(1, half.peers().alive());
    }

    @Test
    void shouldBoundWhatItReadsAheadOfTheReceiverAlsoIfMessagesAreEmpty() {
        ScriptedIn bytes = new ScriptedIn(false);
        byte[][] many = new byte[100_000][];
        Arrays.fill(many, data(""));
        bytes.give(join(many));
        FrameLink link = Frames.link(new ScriptedOut(), bytes, Role.BOTH, "");
        for (int i = 0; i < 100; i++) {
            link.in.pump();
        }
        assertTrue(bytes.left() > 0, "all " + many.length + " messages were read ahead");
        int count = 0;
        for (int step = poll(link.in); step > 0; step = poll(link.in)) {
            count += step;
        }
        assertEquals(many.length, count);
    }

    @Test
    void shouldSayThatItIsReadyWhenItHasReadAhead() {
        ScriptedIn bytes = new ScriptedIn(false);
        FrameLink link = Frames.link(new ScriptedOut(), bytes, Role.BOTH, "");
        assertFalse(link.in.readiness().isReady());
        bytes.give(data("early"));
        link.in.pump();
        assertEquals(0, bytes.left());
        assertTrue(link.in.readiness().isReady());
        long start = System.nanoTime();
        link.in.readiness().sleep(20_000_000_000L);
        assertTrue(System.nanoTime() - start < 10_000_000_000L, "slept although a message is there");
        assertEquals(1, poll(link.in));
        assertEquals("early", got.get(0));
        assertFalse(link.in.readiness().isReady());
    }

    @Test
    void shouldDecodeTextOfAnyLength() {
        byte[] utf8 = "ä€\ud83d\ude00".getBytes(StandardCharsets.UTF_8);
        FrameIn in = receiver(new ScriptedIn(false).drip(frame(FrameFormat.DATA, utf8)), "");
        assertEquals(1, poll(in));
        assertEquals("ä€\ud83d\ude00", got.get(0));
    }

    /** Two messages come with one read; one thread takes the first, others wait for the transport. */
    @Test
    @Timeout(20)
    void shouldTellOtherThreadsOfMessagesThatCameTogether() throws Exception {
        ScriptedIn bytes = new ScriptedIn(false).give(join(data("one"), data("two")));
        FrameIn in = receiver(bytes, "");
        Thread sleeper = new Thread(() -> in.readiness().sleep(TimeUnit.HOURS.toNanos(1)));
        sleeper.setDaemon(true);
        CountDownLatch called = new CountDownLatch(1);
        assertEquals(1, in.poll(message -> {
            sleeper.start();
            Until.isBlocked(sleeper);
            in.readiness().arm(called::countDown);
        }, 1));
        sleeper.join(10_000);
        assertFalse(sleeper.isAlive(), "asleep at its poll, although a message is there");
        assertTrue(called.await(10, TimeUnit.SECONDS));
        // Nor does anybody go to sleep while it is there.
        in.readiness().sleep(TimeUnit.HOURS.toNanos(1));
        assertEquals(1, poll(in));
        assertEquals(List.of("two"), got);
        assertFalse(in.readiness().isReady());
    }

    /** The greeting cannot be written any more; who it was for is told by what was read. */
    @Test
    void shouldTellOnePeerWhereTheSenderDiedBeforeItWasGreeted() throws Exception {
        FrameLink link = Frames.link(new ScriptedOut().afterwards(ByteOut.GONE),
                new ScriptedIn(false).give(join(hello(PEER), data("one"))).end(), Role.RECEIVER, "");
        BlockingQueue<PeerEvent> events = new LinkedBlockingQueue<>();
        link.peers().listen(events::add);
        assertEquals(1, poll(link.in, 1));
        assertEquals(MessageIn.END, poll(link.in));
        assertEquals(List.of("one"), got);
        for (PeerEvent.Kind kind : List.of(PeerEvent.Kind.JOINED, PeerEvent.Kind.DIED)) {
            assertEquals(new PeerEvent(kind, PEER), events.poll(10, TimeUnit.SECONDS));
        }
    }
}
