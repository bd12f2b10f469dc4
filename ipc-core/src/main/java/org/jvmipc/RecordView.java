package org.jvmipc;

import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.function.Consumer;
import org.jvmipc.internal.Fields;

/**
 * Reads and writes the components of a record where they are, in a message, without making the record: a flyweight.
 * What
 * {@link Codec#ofRecord} writes can be read through a view, and the other way round.
 *
 * <pre>{@code
 * RecordView<Tick> tick = RecordView.of(Tick.class);
 * RecordView.LongField time = tick.longField("time");
 * RecordView.DoubleField price = tick.doubleField("quote.price");
 *
 * tick.trySend(sender, t -> {
 *     time.set(t, now);
 *     price.set(t, 1.5);
 * });
 * tick.poll(receiver, t -> sum += price.get(t), 100);
 * }</pre>
 *
 * <p>Fields are looked up once, by the name of the component, or by names with dots between them for one of a nested
 * record. What they read is checked as far as it is read: a view of a message that is no such record throws
 * {@link MalformedMessageException} at the latest at the component that is wrong.
 *
 * <p><b>Threads.</b> A view is for one thread at a time; fields are for all.
 *
 * @param <R> the record class
 */
public final class RecordView<R extends Record> {
    private static final byte ZERO = 0;

    private final Fields fields;
    private final String name;
    private final MessageHandler inPlace = this::handle;
    private ByteBuffer message;
    private int start;
    private Consumer<? super RecordView<R>> handler;

    private RecordView(Class<R> record, MethodHandles.Lookup lookup) {
        this.fields = Fields.of(record, lookup);
        this.name = record.getSimpleName();
    }

    /**
     * A view of records of a class.
     *
     * @param <R> the record class
     * @param record the record class; {@link Codec#ofRecord(Class)} says which
     * @return a view of no message yet
     */
    public static <R extends Record> RecordView<R> of(Class<R> record) {
        return new RecordView<>(record, null);
    }

    /**
     * A view of records of any class that the caller can reach.
     *
     * @param <R> the record class
     * @param record the record class
     * @param lookup the caller's {@link MethodHandles#lookup()}
     * @return a view of no message yet
     */
    public static <R extends Record> RecordView<R> of(Class<R> record, MethodHandles.Lookup lookup) {
        return new RecordView<>(record, Objects.requireNonNull(lookup, "lookup"));
    }

    /**
     * Bytes of the components without text and the elements of lists: the whole message, if there are none.
     *
     * @return the size
     */
    public int size() {
        return fields.size();
    }

    /**
     * Looks at a message from now on.
     *
     * @param bytes the message from position to limit, which is looked at as long as this view is used
     * @return this
     * @throws MalformedMessageException if it is too short, or its length is wrong for a record of fixed size
     */
    public RecordView<R> wrap(ByteBuffer bytes) {
        if (bytes.remaining() < size() || fields.isFixed() && bytes.remaining() != size()) {
            throw new MalformedMessageException(name + " takes " + (fields.isFixed() ? "" : "at least ") + size()
                    + " bytes, here are " + bytes.remaining());
        }
        message = bytes.order(ByteOrder.BIG_ENDIAN);
        start = bytes.position();
        return this;
    }

    /**
     * Takes what is there, in place: {@link Receiver#poll}.
     *
     * @param receiver where records come from
     * @param next is given this view of each message, for as long as it runs
     * @param limit how many messages at most, at least 1
     * @return how many it took, 0 if none was there, or -1 at the end of the channel
     */
    public int poll(TypedReceiver<R> receiver, Consumer<? super RecordView<R>> next, int limit) {
        handler = Objects.requireNonNull(next, "next");
        try {
            return receiver.channel().poll(inPlace, limit);
        } finally {
            message = null;
        }
    }

    private void handle(ByteBuffer bytes) {
        handler.accept(wrap(bytes));
    }

    /**
     * Sends a record that is written in place, if that takes no wait: {@link Sender#tryClaim}.
     *
     * @param sender where records go
     * @param filler writes the components, all of which are zeros before; if it throws, nothing is sent
     * @return true if it was sent, false if there is no room at the moment
     * @throws UnsupportedOperationException if the record has components without a fixed size
     */
    public boolean trySend(TypedSender<R> sender, Consumer<? super RecordView<R>> filler) {
        if (!fields.isFixed()) {
            throw new UnsupportedOperationException(name + " has text or lists, whose size is not known before; send "
                    + "the record");
        }
        try (Claim claim = sender.channel().tryClaim(size())) {
            if (claim == null) {
                return false;
            }
            wrap(claim.buffer());
            for (int i = 0; i < size(); i++) {
                message.put(start + i, ZERO);
            }
            filler.accept(this);
            claim.commit();
            return true;
        } finally {
            message = null;
        }
    }

    private ByteBuffer bytes() {
        if (message == null) {
            throw new IllegalStateException("the view of " + name + " looks at no message; wrap one");
        }
        return message;
    }

    /**
     * A component of type {@code int}.
     *
     * @param path its name
     * @return the field
     * @throws IllegalArgumentException if there is none, or it is of another type
     */
    public IntField intField(String path) {
        return new IntField(fields.offset(path, "int"));
    }

    /**
     * A component of type {@code long}.
     *
     * @param path its name
     * @return the field
     * @throws IllegalArgumentException if there is none, or it is of another type
     */
    public LongField longField(String path) {
        return new LongField(fields.offset(path, "long"));
    }

    /**
     * A component of type {@code double}.
     *
     * @param path its name
     * @return the field
     * @throws IllegalArgumentException if there is none, or it is of another type
     */
    public DoubleField doubleField(String path) {
        return new DoubleField(fields.offset(path, "double"));
    }

    /**
     * A component of type {@code boolean}.
     *
     * @param path its name
     * @return the field
     * @throws IllegalArgumentException if there is none, or it is of another type
     */
    public BooleanField booleanField(String path) {
        return new BooleanField(path, fields.offset(path, "boolean"));
    }

    /**
     * A component that is an enum.
     *
     * @param <E> the enum
     * @param path its name
     * @param type the enum
     * @return the field
     * @throws IllegalArgumentException if there is none, or it is of another type
     */
    public <E extends Enum<E>> EnumField<E> enumField(String path, Class<E> type) {
        fields.constants(path, type);
        return new EnumField<>(path, fields.offset(path, "enum"), type.getEnumConstants());
    }

    /**
     * A component of type {@code String}, to be read. It may follow other texts, but no list, nor an optional text.
     *
     * @param path its name
     * @return the field
     * @throws IllegalArgumentException if there is none, it is of another type, or its place is not known
     */
    public TextField textField(String path) {
        return new TextField(path, fields.offset(path, "string"), fields.textsBefore(path), size());
    }

    /** A component of type {@code int}. */
    public static final class IntField {
        private final int offset;

        private IntField(int offset) {
            this.offset = offset;
        }

        /**
         * Reads it.
         *
         * @param view a view of a message
         * @return its value
         */
        public int get(RecordView<?> view) {
            return view.bytes().getInt(view.start + offset);
        }

        /**
         * Writes it.
         *
         * @param view a view of a message that can be written
         * @param value its value
         */
        public void set(RecordView<?> view, int value) {
            view.bytes().putInt(view.start + offset, value);
        }
    }

    /** A component of type {@code long}. */
    public static final class LongField {
        private final int offset;

        private LongField(int offset) {
            this.offset = offset;
        }

        /**
         * Reads it.
         *
         * @param view a view of a message
         * @return its value
         */
        public long get(RecordView<?> view) {
            return view.bytes().getLong(view.start + offset);
        }

        /**
         * Writes it.
         *
         * @param view a view of a message that can be written
         * @param value its value
         */
        public void set(RecordView<?> view, long value) {
            view.bytes().putLong(view.start + offset, value);
        }
    }

    /** A component of type {@code double}. */
    public static final class DoubleField {
        private final int offset;

        private DoubleField(int offset) {
            this.offset = offset;
        }

        /**
         * Reads it.
         *
         * @param view a view of a message
         * @return its value
         */
        public double get(RecordView<?> view) {
            return view.bytes().getDouble(view.start + offset);
        }

        /**
         * Writes it.
         *
         * @param view a view of a message that can be written
         * @param value its value
         */
        public void set(RecordView<?> view, double value) {
            view.bytes().putDouble(view.start + offset, value);
        }
    }

    /** A component of type {@code boolean}. */
    public static final class BooleanField {
        private final String path;
        private final int offset;

        private BooleanField(String path, int offset) {
            this.path = path;
            this.offset = offset;
        }

        /**
         * Reads it.
         *
         * @param view a view of a message
         * @return its value
         * @throws MalformedMessageException if it is neither 0 nor 1
         */
        public boolean get(RecordView<?> view) {
            byte value = view.bytes().get(view.start + offset);
            if (value != 0 && value != 1) {
                throw new MalformedMessageException("component " + path + " is a boolean, 0 or 1, not " + value);
            }
            return value == 1;
        }

        /**
         * Writes it.
         *
         * @param view a view of a message that can be written
         * @param value its value
         */
        public void set(RecordView<?> view, boolean value) {
            view.bytes().put(view.start + offset, (byte) (value ? 1 : 0));
        }
    }

    /**
     * A component that is an enum.
     *
     * @param <E> the enum
     */
    public static final class EnumField<E extends Enum<E>> {
        private final String path;
        private final int offset;
        private final E[] constants;

        private EnumField(String path, int offset, E[] constants) {
            this.path = path;
            this.offset = offset;
            this.constants = constants;
        }

        /**
         * Reads it.
         *
         * @param view a view of a message
         * @return its value
         * @throws MalformedMessageException if it is the number of no constant
         */
        public E get(RecordView<?> view) {
            int number = Short.toUnsignedInt(view.bytes().getShort(view.start + offset));
            if (number >= constants.length) {
                throw new MalformedMessageException("component " + path + " is constant number " + number
                        + " of an enum with " + constants.length);
            }
            return constants[number];
        }

        /**
         * Writes it.
         *
         * @param view a view of a message that can be written
         * @param value its value
         */
        public void set(RecordView<?> view, E value) {
            view.bytes().putShort(view.start + offset, (short) value.ordinal());
        }
    }

    /** A component of type {@code String}. */
    public static final class TextField {
        private final String path;
        private final int offset;
        private final int[] before;
        private final int head;

        private TextField(String path, int offset, int[] before, int head) {
            this.path = path;
            this.offset = offset;
            this.before = before;
            this.head = head;
        }

        /**
         * Its bytes of UTF-8, in place.
         *
         * @param view a view of a message
         * @return a read-only view of the bytes, valid as long as the message is
         * @throws MalformedMessageException if they are said to lie outside of the message
         */
        public ByteBuffer bytes(RecordView<?> view) {
            ByteBuffer message = view.bytes();
            long begin = (long) view.start + head;
            boolean sound = true;
            for (int slot : before) {
                int length = message.getInt(view.start + slot);
                sound &= length >= 0;
                begin += length;
            }
            int length = message.getInt(view.start + offset);
            if (!sound || length < 0 || begin + length > message.limit()) {
                throw new MalformedMessageException("component " + path + " is said to take "
                        + Integer.toUnsignedString(length) + " bytes, which are not in the message");
            }
            return message.slice((int) begin, length).asReadOnlyBuffer();
        }

        /**
         * Reads it.
         *
         * @param view a view of a message
         * @return its text
         * @throws MalformedMessageException if it lies outside of the message, or is no UTF-8
         */
        public String get(RecordView<?> view) {
            return Codec.utf8().decode(bytes(view));
        }
    }
}
