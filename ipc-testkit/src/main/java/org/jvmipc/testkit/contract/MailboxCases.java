package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.jvmipc.Address;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.Codec;
import org.jvmipc.Ipc;
import org.jvmipc.Letter;
import org.jvmipc.Mailbox;
import org.jvmipc.MalformedMessageException;
import org.jvmipc.ReceivedValue;
import org.jvmipc.Select;
import org.jvmipc.SelectCase;
import org.jvmipc.Sender;

/** Letters reach the one they are for, and tell who has written them. */
interface MailboxCases {
    /** The bench of the test that runs. */
    PatternBench patterns();

    private Mailbox open(String name) {
        Address form = patterns().mailboxes();
        return patterns().track(Mailbox.open(name, form));
    }

    @Test
    default void shouldCarrySourceDestinationAndPayload() throws Exception {
        Mailbox boss = open("boss");
        Mailbox worker = open("worker-3");
        worker.send("boss", "ready");
        Letter letter = boss.receive(PatternBench.PATIENCE);
        assertEquals("worker-3", letter.source());
        assertEquals("boss", letter.destination());
        assertEquals("ready", letter.text());
        boss.send(letter.source(), 42L, Codec.longs());
        assertEquals(42L, worker.receive(PatternBench.PATIENCE).value(Codec.longs()));
        ByteBuffer empty = ByteBuffer.allocate(0);
        worker.send("boss", empty, PatternBench.PATIENCE);
        assertEquals(0, boss.receive().payload().remaining());
        assertNull(boss.receive(Duration.ofMillis(10)));
        worker.send("boss", "to be chosen");
        try (Select<String> select = Select.fair()) {
            SelectCase<ReceivedValue<Letter>> letters = select.receive("letter", boss.letters());
            assertEquals("letter", select.await(PatternBench.PATIENCE, "nothing"));
            assertEquals("worker-3: to be chosen", letters.value().value().source() + ": "
                    + letters.value().value().text());
        }
        worker.send("worker-3", "note to myself");
        assertEquals("worker-3", worker.receive(PatternBench.PATIENCE).source());
    }

    @Test
    default void shouldKeepTheOrderOfEachOfManyWriters() throws Exception {
        int writers = 4;
        Mailbox boss = open("boss");
        List<Future<?>> writing = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            Mailbox writer = open("worker-" + i);
            writing.add(patterns().threads(1).submit(() -> {
                for (long number = 0; number < 500; number++) {
                    writer.send("boss", number, Codec.longs());
                }
                return null;
            }));
        }
        long[] next = new long[writers];
        for (int i = 0; i < writers * 500; i++) {
            Letter letter = boss.receive(PatternBench.PATIENCE);
            int writer = Integer.parseInt(letter.source().substring("worker-".length()));
            assertEquals(next[writer]++, letter.value(Codec.longs()));
        }
        for (Future<?> one : writing) {
            one.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    default void shouldLetSeveralThreadsUseOneMailbox() throws Exception {
        Mailbox boss = open("boss");
        Mailbox worker = open("worker");
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        boss.onLetter(letter -> got.add(letter.text()), patterns().threads(1));
        List<Future<?>> writing = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String text = "thread " + i;
            writing.add(patterns().threads(1).submit(() -> {
                for (int number = 0; number < 200; number++) {
                    worker.send("boss", text);
                }
                return null;
            }));
        }
        for (Future<?> one : writing) {
            one.get(20, TimeUnit.SECONDS);
        }
        int count = 0;
        while (count < 600) {
            assertTrue(got.poll(20, TimeUnit.SECONDS).startsWith("thread "));
            count++;
        }
    }

    @Test
    default void shouldReachTheNextOwner() throws Exception {
        Mailbox worker = open("worker");
        Mailbox boss = open("boss");
        worker.send("boss", "to the first");
        assertEquals("to the first", boss.receive(PatternBench.PATIENCE).text());
        boss.close();
        Mailbox next = open("boss");
        worker.send("boss", "to the next");
        assertEquals("to the next", next.receive(PatternBench.PATIENCE).text());
    }

    @Test
    default void shouldTellWhatIsNoLetterAndGoOn() throws Exception {
        Mailbox boss = open("boss");
        Mailbox worker = open("worker");
        Address form = patterns().mailboxes();
        try (Sender stranger = Ipc.sender(form.withName(form.name().replace("*", "boss")))) {
            stranger.send(ByteBuffer.wrap(new byte[] {100, 'x'}), PatternBench.PATIENCE);
            assertThrows(MalformedMessageException.class, () -> boss.receive(PatternBench.PATIENCE));
        }
        worker.send("boss", "text");
        Letter letter = boss.receive(PatternBench.PATIENCE);
        assertThrows(MalformedMessageException.class, () -> letter.value(Codec.longs()));
        assertEquals("text", letter.text());
        assertThrows(IllegalArgumentException.class, () -> worker.send("../boss", ""));
        assertThrows(IllegalArgumentException.class, () -> Mailbox.open("x", form.withName("fixed")));
        worker.close();
        assertThrows(ChannelClosedException.class, () -> worker.send("boss", "late"));
    }
}
