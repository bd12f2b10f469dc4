package org.jvmipc.testkit.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;
import org.jvmipc.testkit.history.Violation.Rule;

/** Each kind of violation is found in a history that was made to have it, and none in one that is as it may be. */
class HistoryTest {
    private static final long SECOND = 1_000_000_000;
    private static final Duration LIMIT = Duration.ofSeconds(2);

    @TempDir
    private Path directory;
    private long now;
    private int files;
    private final List<Path> logs = new ArrayList<>();

    /**
     * Writes a log: words such as {@code o}pened, {@code i3}nvoked, {@code a3}ccepted, {@code x3} refused, {@code r3}
     * received, {@code t}aking, {@code n}othing, {@code e}nded, {@code +5} for five seconds that pass, {@code d} for
     * damage. Each takes a millisecond. A number may be followed by another sender than 1, as in {@code r3/2}.
     */
    private Path log(String words) {
        Path file = directory.resolve("log" + ++files);
        try (HistoryLog log = HistoryLog.create(file, () -> now += 1_000_000)) {
            for (String word : words.split(" ")) {
                String[] rest = word.substring(1).split("/");
                int number = rest[0].isEmpty() ? 0 : Integer.parseInt(rest[0]);
                Stamp stamp = new Stamp(rest.length > 1 ? Integer.parseInt(rest[1]) : 1, number);
                switch (word.charAt(0)) {
                    case 'o' -> log.opened();
                    case 'i' -> log.invoked(stamp);
                    case 'a' -> log.accepted(stamp);
                    case 'x' -> log.refused(stamp);
                    case 't' -> log.taking();
                    case 'n' -> log.tookNothing();
                    case 'r' -> log.received(stamp.message(40));
                    case 'd' -> log.received(stamp.message(40).put(30, (byte) 99));
                    case 'e' -> log.ended();
                    case '+' -> now += number * SECOND;
                    default -> throw new IllegalArgumentException(word);
                }
            }
        }
        logs.add(file);
        return file;
    }

    private History history(Delivery delivery) {
        History history = new History(delivery, LIMIT);
        logs.forEach(history::add);
        return history;
    }

    private List<Rule> broken(Delivery delivery) {
        return history(delivery).violations().stream().map(Violation::rule).toList();
    }

    @Test
    void shouldFindNothingWrongInASoundHistory() {
        log("o i0 a0 i1 x1 i1 a1 i2 a2 e");
        log("o i0/2 a0/2 i1/2 a1/2 i2/2");
        log("o r0/2 r0 r1 r1/2 r2 e");
        for (Delivery delivery : Delivery.values()) {
            assertEquals(List.of(), history(delivery).violations(), delivery.name());
        }
        assertEquals(5, history(Delivery.TO_THE_ONE).accepted());
        assertEquals(5, history(Delivery.TO_THE_ONE).received());
        history(Delivery.TO_THE_ONE).assertSound();
    }

    @Test
    void shouldAllowEitherFateOfAMessageWhoseSenderDiedInTheCall() {
        log("o i0 a0 i1");
        log("o r0 r1 e");
        assertEquals(List.of(), broken(Delivery.TO_THE_ONE));
    }

    @Test
    void shouldFindWhatWasLost() {
        log("o i0 a0 i1 a1 i2 a2 e");
        log("o r0 r2 e");
        assertEquals(List.of(Rule.LOST), broken(Delivery.TO_THE_ONE));
        assertEquals(List.of(Rule.LOST), broken(Delivery.TO_ANY));
        assertEquals(List.of(Rule.LOST), broken(Delivery.TO_EACH));
        assertEquals(List.of(), broken(Delivery.TO_EACH_IN_TIME));
        AssertionError told = assertThrows(AssertionError.class, () -> history(Delivery.TO_ANY).assertSound());
        assertTrue(told.getMessage().contains("LOST: message 1 of 1"), told.getMessage());
    }

    @Test
    void shouldAllowToBeLostWhatTheKernelHeldForAReceiverThatDied() {
        log("o i0 a0 i1 a1 i2 a2 +1");
        long killed = now;
        log("o i0/2 a0/2 i1/2 a1/2 e");
        long replaced = ++now;
        now = killed - SECOND;
        log("o r0");
        now = replaced;
        log("o r0/2 e");
        assertEquals(List.of(Rule.LOST, Rule.LOST, Rule.LOST), broken(Delivery.TO_THE_ONE));
        assertEquals(List.of(), history(Delivery.TO_THE_ONE).receiverDied(killed, replaced).violations());
        // What was begun after the successor had come, and what is older than something that the dead one had.
        log("o i0/3 a0/3 e");
        now = killed - SECOND / 2;
        log("o r2");
        assertEquals(List.of(Rule.LOST, Rule.LOST),
                history(Delivery.TO_ANY).receiverDied(killed, replaced).violations().stream().map(Violation::rule)
                        .toList());
    }

    @Test
    void shouldAllowToBeCutOffWhatADeadSenderHadSentLast() {
        log("o i0 a0 i1 a1 i2");
        log("o i0/2 a0/2 e");
        log("o r0 e");
        assertEquals(List.of(Rule.LOST, Rule.LOST), broken(Delivery.TO_THE_ONE));
        assertEquals(List.of("LOST: message 0 of 2 was accepted and never received"),
                history(Delivery.TO_THE_ONE).cutsOff().violations().stream().map(Violation::toString).toList());
    }

    @Test
    void shouldFindWhatWasLostAtTheEnd() {
        log("o i0 a0 i1 a1 i2 a2 e");
        log("o r0 r1 e");
        assertEquals(List.of(Rule.LOST), broken(Delivery.TO_THE_ONE));
    }

    @Test
    void shouldAllowOneToBeLostThatAReceiverHadTakenWhenItDied() {
        log("o i0 a0 i1 a1 i2 a2 e");
        log("o t n t r0 t");
        log("o t n r2 e");
        assertEquals(List.of(), broken(Delivery.TO_THE_ONE));
        logs.remove(2);
        log("o e");
        assertEquals(List.of(Rule.LOST), broken(Delivery.TO_THE_ONE), "not two");
    }

    @Test
    void shouldFindWhatOneOfSeveralReadersMissed() {
        log("o i0 a0 i1 a1 i2 a2 e");
        log("o r1 r2 e");
        log("o r0 r1");
        assertEquals(List.of(), broken(Delivery.TO_EACH), "one came late, the other died");
        log("o r0 r2");
        assertEquals(List.of(Rule.LOST), broken(Delivery.TO_EACH));
    }

    @Test
    void shouldFindThatAReaderMissedWhatWasSentAfterItsOpening() {
        now = 0;
        Path reader = directory.resolve("reader");
        try (HistoryLog log = HistoryLog.create(reader, () -> now += 1_000_000)) {
            log.opened();
            log("o i0 a0 i1 a1 e");
            log.received(new Stamp(1, 1).message(40));
            log.ended();
        }
        logs.add(reader);
        assertEquals(List.of(Rule.LOST), broken(Delivery.TO_EACH));
    }

    @Test
    void shouldFindWhatWasDoubled() {
        log("o i0 a0 i1 a1 e");
        log("o r0 r0 r1 e");
        for (Delivery delivery : Delivery.values()) {
            assertEquals(List.of(Rule.DOUBLED), broken(delivery), delivery.name());
        }
    }

    @Test
    void shouldAllowTheMessageInHandOfADeadReceiverToComeAgainOnce() {
        log("o i0 a0 i1 a1 i2 a2 e");
        log("o r0 r1");
        log("o r1 r2 e");
        assertEquals(List.of(), broken(Delivery.TO_THE_ONE));
        assertEquals(List.of(), broken(Delivery.TO_ANY));
        log("o r1 e");
        assertEquals(List.of(Rule.DOUBLED), broken(Delivery.TO_ANY));
        assertTrue(broken(Delivery.TO_THE_ONE).contains(Rule.DOUBLED));
    }

    @Test
    void shouldAllowTheMessageInHandToComeToOneWhoWasThereBefore() {
        log("o i0 a0 i1 a1 i2 a2 e");
        log("o r1 r2 r0 e");
        log("o r0");
        assertEquals(List.of(), broken(Delivery.TO_ANY));
    }

    @Test
    void shouldFindWhatWasDoubledByAReceiverThatDidNotDieOrNotInHand() {
        log("o i0 a0 i1 a1 i2 a2 e");
        log("o r0 r1");
        log("o r0 r1 r2 e");
        assertEquals(List.of(Rule.DOUBLED), broken(Delivery.TO_THE_ONE));
        logs.remove(2);
        logs.remove(1);
        log("o r0 r1 e");
        log("o r1 r2 e");
        assertEquals(List.of(Rule.DOUBLED), broken(Delivery.TO_ANY));
    }

    @Test
    void shouldFindThatAReceiverGotItsLastMessageTwice() {
        log("o i0 a0 e");
        log("o r0 r0");
        assertEquals(List.of(Rule.DOUBLED), broken(Delivery.TO_THE_ONE));
    }

    @Test
    void shouldFindWhatNobodySent() {
        log("o i0 a0 i1 x1 e");
        log("o r0 r1 e");
        assertEquals(List.of(Rule.INVENTED), broken(Delivery.TO_THE_ONE), "refused");
        logs.remove(1);
        log("o r0 r2 e");
        assertEquals(List.of(Rule.INVENTED), broken(Delivery.TO_ANY), "number 2 was never tried");
        logs.remove(1);
        log("o r0 r0/7 e");
        assertEquals(List.of(Rule.INVENTED), broken(Delivery.TO_EACH), "there is no sender 7");
        logs.remove(1);
        log("o r0 d1 e");
        assertEquals(List.of(Rule.INVENTED), broken(Delivery.TO_THE_ONE), "damaged");
    }

    @Test
    void shouldFindWhatWasReceivedBeforeItWasSent() {
        log("o r0 e");
        log("o i0 a0 e");
        assertEquals(List.of(Rule.INVENTED), broken(Delivery.TO_THE_ONE));
    }

    @Test
    void shouldFindWhatWasReordered() {
        log("o i0 a0 i1 a1 i2 a2 e");
        log("o r0 r2 r1 e");
        assertEquals(List.of(Rule.REORDERED), broken(Delivery.TO_THE_ONE));
        assertEquals(List.of(Rule.REORDERED), broken(Delivery.TO_ANY));
        assertEquals(List.of(Rule.REORDERED), broken(Delivery.TO_EACH));
        assertEquals(List.of(Rule.REORDERED), broken(Delivery.TO_EACH_IN_TIME));
    }

    @Test
    void shouldFindWhatASuccessorReceivedTooLateAndAllowItToCompetitors() {
        log("o i0 a0 i1 a1 e");
        log("o r1 e");
        log("o r0 e");
        assertEquals(List.of(Rule.REORDERED), broken(Delivery.TO_THE_ONE));
        assertEquals(List.of(), broken(Delivery.TO_ANY));
    }

    @Test
    void shouldAllowOneForEachDeadReceiverToComeLateThatHadNotWrittenItDown() {
        log("o i0 a0 i1 a1 i2 a2 i3 a3 i4");
        log("o r0");
        log("o r2 r1 r3 r4 e");
        assertEquals(List.of(), broken(Delivery.TO_ANY));
        assertEquals(List.of(Rule.REORDERED), broken(Delivery.TO_THE_ONE));
        logs.remove(2);
        log("o r3 r2 r1 r4 e");
        assertEquals(List.of(Rule.REORDERED), broken(Delivery.TO_ANY), "not two; a dead sender has nothing in hand");
    }

    @Test
    void shouldTellTheLongestStall() {
        log("o i0 +1 a0 i1 a1 e");
        Path receiver = log("o r0 r1 e");
        History history = history(Delivery.TO_ANY);
        assertEquals(Duration.ZERO, history.longestStall());
        history.assertSound();
        assertTrue(history.longestStall().compareTo(Duration.ofSeconds(1)) >= 0, () -> "" + history.longestStall());
        History excused = history(Delivery.TO_ANY).outage(0, now).outage(receiver, 0, 1);
        excused.assertSound();
        assertEquals(Duration.ZERO, excused.longestStall());
    }

    @Test
    void shouldFindACallAndAGapThatTookTooLong() {
        Path sender = log("o i0 +3 a0 e");
        log("o r0 e");
        assertEquals(List.of(Rule.LATE, Rule.LATE), broken(Delivery.TO_THE_ONE), "the call, and the first receipt");
        long end = now;
        History stopped = history(Delivery.TO_THE_ONE).outage(0, end);
        assertEquals(List.of(), stopped.violations());
        History partly = history(Delivery.TO_THE_ONE).outage(0, SECOND / 2).outage(0, SECOND / 4);
        assertEquals(2, partly.violations().size());
        History one = history(Delivery.TO_THE_ONE).outage(sender, 0, end);
        assertEquals(List.of(Rule.LATE), one.violations().stream().map(Violation::rule).toList(), "the receipt alone");
        assertThrows(IllegalArgumentException.class, () -> stopped.outage(2, 1));
    }

    @Test
    void shouldFindAGapBetweenMessages() {
        log("o i0 a0 i1 a1 e");
        log("o r0 +2 +1 r1 e");
        assertEquals(List.of(Rule.LATE), broken(Delivery.TO_THE_ONE));
    }

    @Test
    void shouldRefuseLogsThatCannotBe() throws Exception {
        for (String words : List.of("o i1", "o i0 i0", "o a0", "o i0 a0 a0", "o i0 a0 i0", "o i0 a1", "i0 i1/2")) {
            logs.clear();
            log(words);
            assertThrows(IllegalArgumentException.class, () -> broken(Delivery.TO_ANY), words);
        }
        logs.clear();
        log("o i0 a0");
        log("o i0 a0");
        assertThrows(IllegalArgumentException.class, () -> broken(Delivery.TO_ANY), "one sender in two logs");
        Files.writeString(directory.resolve("text"), "This is no log but a text of more than thirty-two bytes.");
        assertThrows(IllegalArgumentException.class,
                () -> new History(Delivery.TO_ANY, LIMIT).add(directory.resolve("text")));
    }

    @Test
    void shouldKnowAMessageAndNoOther() {
        Random random = new Random(5);
        for (int length = Stamp.SMALLEST; length < 200; length++) {
            Stamp stamp = new Stamp(random.nextInt(), random.nextLong());
            ByteBuffer message = stamp.message(length);
            assertEquals(Optional.of(stamp), Stamp.of(message));
            assertEquals(0, message.position());
            int bit = random.nextInt(8 * length);
            message.put(bit / 8, (byte) (message.get(bit / 8) ^ 1 << bit % 8));
            assertEquals(Optional.empty(), Stamp.of(message), "bit " + bit + " of " + length + " bytes");
            assertEquals(Optional.empty(), Stamp.of(message.limit(length - 1)));
        }
        assertThrows(IllegalArgumentException.class, () -> new Stamp(1, 1).message(Stamp.SMALLEST - 1));
    }

    /** Writes as fast as it can, until it is killed. */
    static final class Writer implements Peer {
        @Override
        public void run(PeerContext context) {
            HistoryLog log = HistoryLog.create(Path.of(context.arg(0)));
            log.opened();
            for (long number = 0;; number++) {
                log.invoked(new Stamp(1, number));
                log.accepted(new Stamp(1, number));
                if (number == 50_000) {
                    context.say("many");
                }
            }
        }
    }

    @Test
    void shouldKeepWhatAProcessHadLoggedThatWasKilled() {
        Path file = directory.resolve("killed");
        try (ChildJvm child = ChildJvm.of(Writer.class).args(file).start()) {
            child.expect("many");
            child.kill();
            child.awaitDeath(ChildJvm.PATIENCE);
        }
        History history = new History(Delivery.TO_EACH_IN_TIME, LIMIT).add(file);
        assertTrue(history.accepted() > 50_000, "of more than one piece of memory: " + history.accepted());
        List<Violation> found = history.violations();
        assertFalse(found.stream().anyMatch(violation -> violation.rule() != Rule.LATE), found.toString());
    }
}
