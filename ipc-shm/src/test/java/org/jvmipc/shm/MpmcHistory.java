package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What has been sent and received through one ring, and whether that may be: what was sent is received once, or more
 * often if a consumer died with it in hand; nothing is invented; no consumer sees a producer's messages in another
 * order. Any thread may write here what it did itself.
 */
final class MpmcHistory {
    private static final int MIN_LENGTH = 8;

    private final List<Sending> sendings = new ArrayList<>();
    private final List<Receiving> receivings = new ArrayList<>();

    /** What one producer sent. */
    static final class Sending {
        private final int key;
        private int sent;
        /** Whether the next one may have been sent. */
        private boolean uncertain;

        private Sending(int key) {
            this.key = key;
        }

        /** The next message. */
        ByteBuffer next(int length) {
            uncertain = true;
            ByteBuffer message = ByteBuffer.allocate(Math.max(MIN_LENGTH, length));
            fill(message, key, sent);
            return message.flip();
        }

        /** It was accepted, or was not. */
        void sent(boolean accepted) {
            uncertain = false;
            sent += accepted ? 1 : 0;
        }
    }

    /** What one consumer received. */
    static final class Receiving {
        private final List<Long> messages = new ArrayList<>();
        private long inHand = -1;
        private boolean died;

        private Receiving() {
        }

        /** Checks a message, and notes that it has begun to be handled. */
        void begin(ByteBuffer message) {
            int key = message.getInt(message.position());
            int number = message.getInt(message.position() + 4);
            ByteBuffer expected = ByteBuffer.allocate(message.remaining());
            fill(expected, key, number);
            assertEquals(expected.flip(), message, "message " + number + " of producer " + key);
            inHand = (long) key << 32 | number;
        }

        /** It has been handled. */
        void end() {
            messages.add(inHand);
            inHand = -1;
        }

        void whole(ByteBuffer message) {
            begin(message);
            end();
        }

        /** The consumer died: the message in hand, or the last one, comes once more. */
        void died() {
            died = true;
        }

        int count() {
            return messages.size();
        }
    }

    private int disorder() {
        int count = 0;
        for (Receiving receiving : receivings) {
            Map<Integer, Long> last = new HashMap<>();
            for (long message : receiving.messages) {
                Long before = last.put((int) (message >>> 32), message);
                count += before != null && before >= message ? 1 : 0;
            }
        }
        return count;
    }

    private static void fill(ByteBuffer message, int key, int number) {
        message.putInt(key).putInt(number);
        while (message.hasRemaining()) {
            message.put((byte) (key * 7 + number + message.position()));
        }
    }

    synchronized Sending sending() {
        sendings.add(new Sending(sendings.size()));
        return sendings.get(sendings.size() - 1);
    }

    synchronized Receiving receiving() {
        receivings.add(new Receiving());
        return receivings.get(receivings.size() - 1);
    }

    /** Checks it all, when nobody sends or receives any more, and returns how many messages there were. */
    synchronized int check() {
        Map<Long, Integer> counts = new TreeMap<>();
        Set<Long> diedWith = new TreeSet<>();
        int deaths = 0;
        for (Receiving receiving : receivings) {
            List<Long> messages = receiving.messages;
            messages.forEach(message -> counts.merge(message, 1, Integer::sum));
            if (receiving.died) {
                deaths++;
                diedWith.add(receiving.inHand >= 0 || messages.isEmpty() ? receiving.inHand
                        : messages.get(messages.size() - 1));
            }
        }
        // What a dead consumer had in hand comes late.
        assertTrue(disorder() <= deaths, () -> "messages out of order: " + disorder());
        int all = 0;
        for (Sending sending : sendings) {
            for (int number = 0; number < sending.sent; number++) {
                all++;
                Integer count = counts.remove((long) sending.key << 32 | number);
                String what = "message " + number + " of " + sending.sent + " of producer " + sending.key;
                assertTrue(count != null, () -> what + " was lost");
                // Died after the handler's last line and before the word of it: received twice.
                assertTrue(count == 1 || diedWith.contains((long) sending.key << 32 | number),
                        () -> what + " came twice");
            }
            if (sending.uncertain) {
                counts.remove((long) sending.key << 32 | sending.sent, 1);
            }
        }
        assertTrue(counts.isEmpty(), () -> "received and not sent: " + counts);
        return all;
    }
}
