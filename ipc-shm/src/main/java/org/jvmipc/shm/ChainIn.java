package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jvmipc.MalformedMessageException;
import org.jvmipc.MessageHandler;
import org.jvmipc.PeerInfo;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.Port;
import org.jvmipc.spi.Readiness;

/**
 * Puts messages together that {@link ChainOut} has sent as chains. A chain that its sender did not finish, because it
 * died or closed, is dropped; so is the rest of one whose beginning somebody else has taken.
 */
final class ChainIn implements MessageIn {
    private static final int FIRST_SIZE = 4096;

    private final MessageIn in;
    private final IntSupplier source;
    private final int maxMessage;
    /** What has come of unfinished chains, by their senders. */
    private final Map<Integer, ByteBuffer> unfinished = new HashMap<>();
    private final MessageHandler assembler = this::onRecord;
    private final MessageHandler viewer = this::onView;
    private MessageHandler handler;
    private int whole;
    private boolean shown;

    /**
     * Creates the port.
     *
     * @param in receives the records
     * @param source tells which sender's record is being handed over
     * @param maxMessage the largest message
     */
    ChainIn(MessageIn in, IntSupplier source, int maxMessage) {
        this.in = in;
        this.source = source;
        this.maxMessage = maxMessage;
    }

    @Override
    public int poll(MessageHandler to, int limit) {
        whole = 0;
        handler = to;
        int records;
        try {
            do {
                records = in.poll(assembler, limit - whole);
            } while (records > 0 && whole < limit);
        } finally {
            handler = null;
        }
        return whole > 0 || records >= 0 ? whole : END;
    }

    @Override
    public boolean peeks() {
        return in.peeks();
    }

    /** Takes the beginning of a chain, which stays here, and leaves its last record, or the only one, in the ring. */
    @Override
    public int peek(MessageHandler to) {
        handler = to;
        try {
            int records;
            do {
                shown = false;
                records = in.peek(viewer);
            } while (records > 0 && !shown && in.poll(assembler, 1) > 0);
            return records > 0 && !shown ? 0 : records;
        } finally {
            handler = null;
        }
    }

    /** Shows the message that ends with a record. */
    private void onView(ByteBuffer record) {
        if (!record.hasRemaining()) {
            return;
        }
        int last = record.limit() - 1;
        int flags = record.get(last);
        ByteBuffer before = unfinished.get(source.getAsInt());
        record.limit(last);
        boolean continues = (flags & ChainOut.CONTINUES) != 0;
        if ((flags & ChainOut.MORE) != 0 || continues && !fits(before, record.remaining())) {
            return;
        }
        shown = true;
        if (!continues) {
            handler.onMessage(record);
        } else {
            handler.onMessage(ByteBuffer.allocate(before.position() + record.remaining())
                    .put(before.duplicate().flip()).put(record).flip().asReadOnlyBuffer());
        }
    }

    private boolean fits(ByteBuffer chain, int more) {
        return chain != null && (long) chain.position() + more <= maxMessage;
    }

    private void onRecord(ByteBuffer record) {
        if (!record.hasRemaining()) {
            throw new MalformedMessageException("a record without its last byte; does the sender have fragment=true?");
        }
        int last = record.limit() - 1;
        int flags = record.get(last);
        record.limit(last);
        Integer from = source.getAsInt();
        ByteBuffer before = unfinished.remove(from);
        if ((flags & ChainOut.CONTINUES) == 0) {
            if ((flags & ChainOut.MORE) == 0) {
                deliver(record);
                return;
            }
            long first = Math.max(FIRST_SIZE, 4L * record.remaining());
            before = ByteBuffer.allocate((int) Math.min(first, maxMessage));
        } else if (before == null) {
            return;
        }
        ByteBuffer chain = withRoom(before, record.remaining()).put(record);
        if ((flags & ChainOut.MORE) != 0) {
            unfinished.put(from, chain);
        } else {
            deliver(chain.flip().asReadOnlyBuffer());
        }
    }

    private void deliver(ByteBuffer message) {
        whole++;
        handler.onMessage(message);
    }

    private ByteBuffer withRoom(ByteBuffer chain, int more) {
        if ((long) chain.position() + more > maxMessage) {
            throw new MalformedMessageException("a message of more than " + maxMessage
                    + " bytes was dropped; raise maxMessage on this side");
        }
        if (chain.remaining() >= more) {
            return chain;
        }
        long size = Math.max(2L * chain.capacity(), (long) chain.position() + more);
        return ByteBuffer.allocate((int) Math.min(size, maxMessage)).put(chain.flip());
    }

    @Override
    public PeerInfo lastSender() {
        return in.lastSender();
    }

    @Override
    public boolean singleThreaded() {
        return in.singleThreaded();
    }

    @Override
    public Port beneath() {
        return in;
    }

    @Override
    public Readiness readiness() {
        return in.readiness();
    }

    @Override
    public void idle() {
        in.idle();
    }

    @Override
    public void close() {
        in.close();
    }

    @Override
    public long depthBytes() {
        return in.depthBytes();
    }

    @Override
    public long capacityBytes() {
        return in.capacityBytes();
    }

    @Override
    public String heldUpBy() {
        return in.heldUpBy();
    }
}
