package org.jvmipc.shm;

import static org.jvmipc.shm.SegmentLayout.ALIGNMENT;
import static org.jvmipc.shm.SegmentLayout.HEAD;
import static org.jvmipc.shm.SegmentLayout.HEADER_SIZE;
import static org.jvmipc.shm.SegmentLayout.LARGEST_OVERHEAD;
import static org.jvmipc.shm.SegmentLayout.RECORD_HEADER;
import static org.jvmipc.shm.SegmentLayout.TAIL;
import static org.jvmipc.shm.SegmentLayout.recordSize;

import java.nio.ByteBuffer;
import org.jvmipc.MessageHandler;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.spi.Counting;

/**
 * A ring of messages from one producer to one consumer, its two sides. Wait-free: no side ever waits for the other in
 * here. Positions count bytes from the beginning of time; all comparisons are of differences, so they may overflow.
 *
 * <p>Invariant: the length word at the tail is 0 and lies in free room. What becomes of the ring when a side dies or
 * stops between any two stores is argued in {@code docs/formats/ring.md}. What the other side writes is read once and
 * checked before use; a value that no correct peer writes is a {@link SegmentCorruptedException}, and nothing outside
 * the ring is touched.
 */
final class SpscRing {
    private SpscRing() {
    }

    /** The largest message that a ring carries. */
    static int maxMessage(int capacity) {
        return capacity - LARGEST_OVERHEAD;
    }

    /** Reads a position from the header, which must lie in a range of one capacity, and be aligned. */
    private static long checkedPosition(String what, long position, long from, int capacity) {
        long distance = position - from;
        if (distance < 0 || distance > capacity || (position & ALIGNMENT - 1) != 0) {
            throw new SegmentCorruptedException("the position of the " + what + " is " + position
                    + ", allowed is a multiple of " + ALIGNMENT + " from " + from + " to " + (from + capacity));
        }
        return position;
    }

    /** Reads the record at an offset: its size in the ring, negative for padding; 0 if there is none. */
    private static int checkedRecord(long word, int offset, int capacity) {
        int room = capacity - offset;
        if (word == 0) {
            return 0;
        }
        if (word >= RECORD_HEADER && word <= Math.min(room, capacity - RECORD_HEADER)) {
            return recordSize((int) word - RECORD_HEADER);
        }
        if (word == -room && offset != 0) {
            return -room;
        }
        throw new SegmentCorruptedException("the length word at offset " + offset + " of the ring is " + word
                + ", allowed is 0, " + RECORD_HEADER + " to " + Math.min(room, capacity - RECORD_HEADER)
                + (offset == 0 ? "" : ", or " + -room));
    }

    /** The bytes between the two positions. For any thread. */
    static long depthBytes(RingMemory memory, int capacity) {
        long head = memory.getAcquire(HEAD);
        return Math.max(0, Math.min(capacity, memory.getAcquire(TAIL) - head));
    }

    /** Counts the messages that wait by walking along them; -1 if the consumer is too busy for that. For any thread. */
    static long depthMessages(RingMemory memory, int capacity) {
        for (int attempt = 0; attempt < 8; attempt++) {
            long head = memory.getAcquire(HEAD);
            long end = memory.getAcquire(TAIL);
            long count = 0;
            long position = head;
            while (end - position > 0 && position - head < capacity) {
                int offset = (int) position & capacity - ALIGNMENT;
                long word = memory.getAcquire(HEADER_SIZE + offset);
                long size = Math.min(capacity, Math.abs(word)) + ALIGNMENT - 1 & -ALIGNMENT;
                if (size == 0) {
                    break;
                }
                count += word > 0 ? 1 : 0;
                position += size;
            }
            // Had the consumer moved on, the producer might have written over what was read.
            if (memory.getAcquire(HEAD) == head) {
                return count;
            }
        }
        return -1;
    }

    /** The sending side; used by one thread at a time, but for what is said to be for any. */
    static final class Producer {
        private final RingMemory memory;
        private final int capacity;
        private final int mask;
        private long tail;
        /** Up to where there is room: the consumer's position when last looked at, and one capacity. */
        private long limit;
        /** What the consumer must reach for the last refused message. For any thread. */
        private volatile long awaitedHead;
        /** The room that is claimed and not yet published, 0 if none. */
        private int claimed;

        /**
         * Takes over from the producer before: after the last record that it published. What it had claimed and not
         * published is overwritten.
         */
        Producer(RingMemory memory, int capacity) {
            this.memory = memory;
            this.capacity = capacity;
            this.mask = capacity - ALIGNMENT;
            long head = memory.getAcquire(HEAD);
            long told = memory.getAcquire(TAIL);
            // A producer that died after publishing may not have told its position. The consumer may have taken that.
            long ahead = head - told;
            long position = ahead > 0 && ahead <= capacity ? checkedPosition("consumer", head, told, capacity)
                    : checkedPosition("producer", told, head, capacity);
            for (int size; (size = recordAt(position)) != 0; ) {
                position = checkedPosition("producer", position + Math.abs(size), head, capacity);
            }
            this.tail = position;
            this.limit = head + capacity;
            this.awaitedHead = head;
            memory.setRelease(TAIL, position);
        }

        private int recordAt(long position) {
            int offset = (int) position & mask;
            return checkedRecord(memory.getAcquire(HEADER_SIZE + offset), offset, capacity);
        }

        /** Publishes a message; false if there is no room. The buffer's position moves only if there was. */
        boolean offer(ByteBuffer message) {
            int length = message.remaining();
            int at = claim(length);
            if (at < 0) {
                return false;
            }
            memory.write(at + RECORD_HEADER, message, length);
            message.position(message.limit());
            publish(length);
            return true;
        }

        /**
         * Publishes as many messages as there is room for up to the end of the ring, all at once, and tells how many.
         * The consumer sees none of them before the length word of the first one is stored.
         */
        int offer(ByteBuffer[] messages, int offset, int length) {
            int first = messages[offset].remaining();
            int at = claim(first);
            if (at < 0) {
                return 0;
            }
            RingMemory to = memory;
            long begin = tail;
            long all = 0;
            for (int i = offset; i < offset + length; i++) {
                all += recordSize(messages[i].remaining());
            }
            lookForRoom(all, at);
            // Of the room that is known of: a record that has to wait for more begins the next batch.
            int end = at + (int) Math.min(limit - begin - RECORD_HEADER, capacity + HEADER_SIZE - at);
            int next = at;
            int count = 0;
            do {
                ByteBuffer message = messages[offset + count];
                int bytes = message.remaining();
                int size = recordSize(bytes);
                if (size > end - next) {
                    break;
                }
                to.write(next + RECORD_HEADER, message, bytes);
                message.position(message.limit());
                if (count > 0) {
                    to.setOpaque(next, bytes + RECORD_HEADER);
                }
                next += size;
                count++;
            } while (count < length);
            publish(next - at, first + RECORD_HEADER);
            return count;
        }

        /** As above, for messages of one size that lie one behind the other; there is at least one. */
        int offerAll(ByteBuffer messages, int size) {
            int at = claim(size);
            if (at < 0) {
                return 0;
            }
            int record = recordSize(size);
            lookForRoom((long) record * (messages.remaining() / size), at);
            int room = (int) Math.min(limit - tail - RECORD_HEADER, capacity + HEADER_SIZE - at);
            int count = Math.min(room / record, messages.remaining() / size);
            memory.writeRecords(at, messages, size, count);
            messages.position(messages.position() + count * size);
            publish(count * record, size + RECORD_HEADER);
            return count;
        }

        /** Sees to it that a batch is not cut short by what was known of the consumer, but by where it is. */
        private void lookForRoom(long wanted, int at) {
            long upToTheEnd = Math.min(wanted, capacity + HEADER_SIZE - at);
            if (tail + upToTheEnd + RECORD_HEADER - limit > 0) {
                limit = checkedLimit();
            }
        }

        /** Finds room for a message and tells where its record begins in memory; negative if there is none. */
        private int claim(int length) {
            int size = recordSize(length);
            int offset = (int) tail & mask;
            if (size > capacity - offset) {
                if (!pad(capacity - offset)) {
                    return -1;
                }
                offset = 0;
            }
            return hasRoom(size) ? HEADER_SIZE + offset : -1;
        }

        /** Whether there is room for a record and the next length word. */
        private boolean hasRoom(int size) {
            long needed = tail + size + RECORD_HEADER;
            return needed - limit <= 0 || refresh(needed);
        }

        /** Up to where there is room now. */
        private long checkedLimit() {
            // The consumer is behind the producer, and never before where it was.
            long head = memory.getAcquire(HEAD);
            checkedPosition("consumer", head, limit - capacity, capacity);
            if (head - tail > 0) {
                throw new SegmentCorruptedException(
                        "the position of the consumer is " + head + ", beyond that of the producer, " + tail);
            }
            return head + capacity;
        }

        private boolean refresh(long needed) {
            limit = checkedLimit();
            if (needed - limit <= 0) {
                return true;
            }
            awaitedHead = needed - capacity;
            return false;
        }

        /** Fills the ring up to its end, as no record spans it. */
        private boolean pad(int size) {
            if (!hasRoom(size)) {
                return false;
            }
            publish(size, -size);
            return true;
        }

        private void publish(int length) {
            publish(recordSize(length), length + RECORD_HEADER);
        }

        private void publish(int size, long word) {
            long begin = tail;
            long end = begin + size;
            tail = end;
            // First the end of what the consumer may see, then what it sees: it never runs into an old length.
            memory.publish(HEADER_SIZE + ((int) end & mask), HEADER_SIZE + ((int) begin & mask), word, TAIL, end);
        }

        /** Claims room to be filled in place; null if there is none. */
        ByteBuffer tryClaim(int length) {
            int at = claim(length);
            if (at < 0) {
                return null;
            }
            claimed = length;
            return memory.lend(at + RECORD_HEADER, length);
        }

        /** Publishes what was claimed. */
        void commitClaim() {
            publish(claimed);
        }

        /** The position after the last record: the consumer has taken it when it is there. */
        long position() {
            return tail;
        }

        /** A word of the header; to be followed by an offer. */
        long glance(int offset) {
            return memory.glance(offset);
        }

        /** Whether the consumer has taken all up to a position. For any thread. */
        boolean isTaken(long position) {
            return memory.getAcquire(HEAD) - position >= 0;
        }

        /** Whether there is room for the message that was refused last. For any thread. */
        boolean hasAwaitedRoom() {
            return isTaken(awaitedHead);
        }
    }

    /** The receiving side; used by one thread at a time, but for what is said to be for any. */
    static final class Consumer {
        private final RingMemory memory;
        private final int capacity;
        private final int mask;
        private long head;
        private boolean handling;
        private long handed;
        private long handedBytes;
        private volatile boolean stopped;

        /** Takes over from the consumer before: after the last message whose handler had returned. */
        Consumer(RingMemory memory, int capacity) {
            this.memory = memory;
            this.capacity = capacity;
            this.mask = capacity - ALIGNMENT;
            long position = memory.getAcquire(HEAD);
            long behind = memory.getAcquire(TAIL) - capacity;
            // The producer tells its position after its record, so the consumer may be one record ahead of it.
            this.head = checkedPosition("consumer", position, behind, 2 * capacity);
        }

        /** Hands over up to {@code limit} messages; each is taken when its handler has returned or thrown. */
        int poll(MessageHandler handler, int limit) {
            int count = 0;
            long bytes = 0;
            handling = false;
            try {
                while (count < limit && !stopped) {
                    long position = head;
                    int offset = (int) position & mask;
                    long word = memory.getAcquire(HEADER_SIZE + offset);
                    if (word == 0) {
                        break;
                    }
                    int size = checkedRecord(word, offset, capacity);
                    if (size < 0) {
                        advance(position - size);
                        continue;
                    }
                    ByteBuffer message = memory.read(HEADER_SIZE + offset + RECORD_HEADER, (int) word - RECORD_HEADER);
                    count++;
                    bytes += word - RECORD_HEADER;
                    handling = true;
                    try {
                        handler.onMessage(message);
                    } finally {
                        advance(position + size);
                    }
                    handling = false;
                }
            } finally {
                if (Counting.ON) {
                    handed += count;
                    handedBytes += bytes;
                }
            }
            return count;
        }

        /** Shows the next message, which stays; false if there is none. */
        boolean peek(MessageHandler handler) {
            handling = false;
            while (!stopped) {
                int offset = (int) head & mask;
                long word = memory.getAcquire(HEADER_SIZE + offset);
                if (word == 0) {
                    break;
                }
                int size = checkedRecord(word, offset, capacity);
                if (size > 0) {
                    handling = true;
                    handler.onMessage(
                            memory.read(HEADER_SIZE + offset + RECORD_HEADER, (int) word - RECORD_HEADER));
                    handling = false;
                    return true;
                }
                advance(head - size);
            }
            return false;
        }

        private void advance(long position) {
            head = position;
            memory.setRelease(HEAD, position);
        }

        /** Whether there is a record. For any thread. */
        boolean hasRecord() {
            return memory.getAcquire(HEADER_SIZE + ((int) memory.getAcquire(HEAD) & mask)) != 0;
        }

        /** The position after the last message that was taken. */
        long position() {
            return head;
        }

        /** How many messages were handed over, those included whose handler threw. */
        long handed() {
            return handed;
        }

        /** The bytes of these messages. */
        long handedBytes() {
            return handedBytes;
        }

        /** Whether what the last {@link #poll} threw was thrown by the handler. */
        boolean isHandling() {
            return handling;
        }

        /** Ends a {@link #poll} that is going on after the message that it is at. For any thread. */
        void stop() {
            stopped = true;
        }

        /**
         * Looks whether the ring is still one: a length word that was overwritten with 0 would hide all that follows.
         * For any thread.
         */
        void check() {
            long position = memory.getAcquire(HEAD);
            long end = memory.getAcquire(TAIL);
            boolean empty = memory.getAcquire(HEADER_SIZE + ((int) position & mask)) == 0;
            if (end - position > 0 && empty && memory.getAcquire(HEAD) == position) {
                throw new SegmentCorruptedException("the producer is at " + end
                        + ", but there is no record at the consumer's position " + position);
            }
        }
    }
}
