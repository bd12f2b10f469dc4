package org.jvmipc.cli.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Does a wrong to one message on its way, to see that the demo notices. Only the system property {@link #PROPERTY},
 * which is for the tests, brings it into being.
 */
final class FaultyOut implements RecordOut {
    /** Its value is {@code lose:N}, {@code change:N}, {@code swap:N} or {@code repeat:N} for message N. */
    static final String PROPERTY = "org.jvmipc.cli.demo.fault";

    private static final Pattern FAULT = Pattern.compile("(lose|change|swap|repeat):(\\d{1,9})");

    private final RecordOut next;
    private final String kind;
    private final long target;
    private long count;
    private ByteBuffer heldBack;

    private FaultyOut(RecordOut next, String kind, long target) {
        this.next = next;
        this.kind = kind;
        this.target = target;
    }

    /** The same output, unless the property asks for a fault. */
    static RecordOut orSound(RecordOut out) {
        String fault = System.getProperty(PROPERTY);
        if (fault == null) {
            return out;
        }
        Matcher matcher = FAULT.matcher(fault);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(PROPERTY + "=" + fault + " is not like " + FAULT);
        }
        return new FaultyOut(out, matcher.group(1), Long.parseLong(matcher.group(2)));
    }

    @Override
    public void put(ByteBuffer record) throws IOException, InterruptedException {
        if (heldBack != null) {
            next.put(record);
            next.put(heldBack);
            heldBack = null;
        } else if (count == target) {
            wrong(record);
        } else {
            next.put(record);
        }
        count++;
    }

    private void wrong(ByteBuffer record) throws IOException, InterruptedException {
        switch (kind) {
            case "lose" -> record.position(record.limit());
            case "change" -> {
                int last = record.limit() - 1;
                record.put(last, (byte) (record.get(last) ^ 1));
                next.put(record);
            }
            case "swap" -> {
                heldBack = ByteBuffer.allocate(record.remaining()).put(record).flip();
            }
            default -> {
                next.put(record.duplicate());
                next.put(record);
            }
        }
    }

    @Override
    public void flush() throws IOException {
        next.flush();
    }
}
