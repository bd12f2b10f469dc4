package org.jvmipc.shm.sync;

import java.util.Objects;
import java.util.function.Function;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.SharedSegmentBuilder;

/**
 * Opens something to synchronize by; made by the {@code in} method of its class. Not thread-safe. The methods that open
 * throw what {@link SharedSegmentBuilder} says, {@link IncompatibleChannelException} also if there is something of
 * another kind, order or size, and {@link org.jvmipc.SegmentCorruptedException} also if what describes it is nonsense.
 *
 * @param <T> what it opens
 */
public final class SyncBuilder<T> {
    private final SharedSegmentBuilder segment;
    private final SyncKind kind;
    private final long parameter;
    private final boolean compares;
    private final Function<SyncMemory, T> make;
    private boolean fair;

    /**
     * Creates a builder.
     *
     * @param segment where
     * @param kind what
     * @param parameter a number that whoever creates it chooses
     * @param compares whether whoever opens it must want the same number
     * @param make makes the object
     */
    SyncBuilder(SharedSegmentBuilder segment, SyncKind kind, long parameter, boolean compares,
            Function<SyncMemory, T> make) {
        this.segment = Objects.requireNonNull(segment, "segment").type(kind.type());
        if (kind.isLock()) {
            segment.keepIf(memory -> LockState.isToBeTold(memory.getLong(SyncLayout.WORD)));
        }
        this.kind = kind;
        this.parameter = parameter;
        this.compares = compares;
        this.make = make;
    }

    /** For what has no number. */
    SyncBuilder(SharedSegmentBuilder segment, SyncKind kind, Function<SyncMemory, T> make) {
        this(segment, kind, 0, false, make);
    }

    /**
     * Wants it given to those who wait in the order in which they came. That costs throughput, as each is woken first.
     *
     * @return this
     */
    public SyncBuilder<T> fair() {
        fair = true;
        return this;
    }

    /**
     * Creates it.
     *
     * @return the new one
     * @throws org.jvmipc.ChannelExistsException if something is there
     */
    public T create() {
        return made(initialised().create(SyncLayout.SIZE));
    }

    /**
     * Opens it as it is.
     *
     * @return the one that is there
     * @throws org.jvmipc.ChannelNotFoundException if it does not exist, or only processes that died have used it, and
     *         it is no lock that one of them held
     */
    public T open() {
        return made(segment.open(SyncLayout.SIZE));
    }

    /**
     * Opens it, or creates it if it does not exist. However many do this at the same time, all get the same.
     *
     * @return the one that is there now
     */
    public T openOrCreate() {
        return made(initialised().openOrCreate(SyncLayout.SIZE));
    }

    /**
     * Removes it, whoever uses it: those go on with what they have, and whoever comes later makes another.
     *
     * @return whether there was one
     */
    public boolean destroy() {
        return segment.destroy();
    }

    private SharedSegmentBuilder initialised() {
        return segment.first(memory -> SyncMemory.write(memory, kind, fair, parameter));
    }

    private T made(SharedSegment opened) {
        try {
            SyncMemory memory = new SyncMemory(opened, kind);
            if (fair && !memory.isFair()) {
                throw new IncompatibleChannelException(opened.name()
                        + " is not fair, wanted is a fair one; let its creator say so, or do not ask for it");
            }
            if (compares && memory.parameter() != parameter) {
                throw new IncompatibleChannelException(opened.name() + " was made with the number " + memory.parameter()
                        + ", wanted is " + parameter + "; give the same everywhere");
            }
            T made = make.apply(memory);
            OpenSync.add(memory);
            return made;
        } catch (RuntimeException | Error refused) {
            opened.close();
            throw refused;
        }
    }
}
