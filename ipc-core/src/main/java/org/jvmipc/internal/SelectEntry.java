package org.jvmipc.internal;

import java.util.Objects;
import java.util.function.Consumer;
import org.jvmipc.Registration;
import org.jvmipc.SelectCase;
import org.jvmipc.spi.Readiness;
import org.jvmipc.spi.Waking;

/**
 * A case of a select: it is attempted by the thread that waits, unless it is armed, when an attempt would be in vain
 * until the readiness calls back, or until its next look, where nothing calls back.
 *
 * <p>No wake-up is lost: the case counts as armed before the readiness is, and arming looks again whether it is ready
 * after it has announced the wait; the call-back first takes the mark away and then wakes the select.
 */
public final class SelectEntry<T> implements SelectCase<T> {
    private static final Registration NOTHING = () -> {
    };
    /** Readiness that says so within this time and is wrong is not to be believed too often. */
    private static final long HASTY_NANOS = 1_000_000;
    private static final int HASTY_ALLOWED = 3;
    private static final long SHORTEST_PAUSE_NANOS = 50_000;
    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final int DOUBLINGS = 4;

    private final Selection selection;
    private final Object key;
    private final SelectSource<T> source;
    private volatile Consumer<? super T> handler;
    private volatile Consumer<? super RuntimeException> failureHandler;
    private volatile boolean active = true;
    private volatile boolean armed;
    private volatile Registration arming = NOTHING;

    // For the thread that waits.
    private boolean excluded;
    private boolean suspected;
    private long lookAt;
    private boolean looks;
    private long armedAt;
    private boolean wasArmed;
    private int hasty;
    private boolean pausedLast;

    private volatile boolean told;
    private volatile T value;
    private volatile RuntimeException failure;

    SelectEntry(Selection selection, Object key, SelectSource<T> source) {
        this.selection = selection;
        this.key = key;
        this.source = source;
    }

    /** To be called once the select knows it. */
    void begin() {
        source.onReady(this::fired);
    }

    private void fired() {
        armed = false;
        selection.wake();
    }

    /** The key it was registered with. */
    public Object key() {
        return key;
    }

    boolean mayBeReady(long now) {
        return suspected || !armed && (!looks || now - lookAt >= 0);
    }

    boolean isExcluded() {
        return excluded;
    }

    /** Whether it is left alone for now. */
    void exclude(boolean out) {
        excluded = out;
    }

    /** Tries; true if the case is to be reported. */
    boolean attempt() {
        looks = false;
        suspected = false;
        try {
            if (!source.attempt()) {
                countHaste();
                return false;
            }
            value = source.outcome();
            failure = null;
            if (source.isOver()) {
                close();
            }
        } catch (RuntimeException thrown) {
            value = null;
            failure = thrown;
            if (!source.survives(thrown)) {
                close();
            }
        }
        told = true;
        wasArmed = false;
        hasty = 0;
        return true;
    }

    private void countHaste() {
        if (wasArmed && !armed) {
            hasty = System.nanoTime() - armedAt < HASTY_NANOS ? hasty + 1 : 0;
            wasArmed = false;
        }
    }

    /** Sees to it that the select is woken when another attempt is worth while. */
    void arm() {
        Readiness readiness = source.readiness();
        if (readiness == null || excluded || armed || looks || !active) {
            return;
        }
        long pause = readiness.lookNanos();
        hasty += pause == 0 ? 1 : 0;
        if (pause <= 0 && hasty > HASTY_ALLOWED && !pausedLast) {
            pause = FIRST_PAUSE_NANOS << Math.min(hasty - HASTY_ALLOWED - 1, DOUBLINGS);
        }
        // After a pause it is believed once more.
        pausedLast = pause > 0;
        long now = System.nanoTime();
        if (pause >= 0) {
            lookAt = now + Math.max(pause, SHORTEST_PAUSE_NANOS);
            looks = true;
            return;
        }
        armedAt = now;
        wasArmed = true;
        armed = true;
        boolean good = false;
        try {
            arming = readiness.arm((Waking) this::fired);
            good = true;
        } finally {
            if (!good) {
                armed = false;
            }
        }
        if (!active) {
            arming.close();
        }
    }

    /** Whether looking at the memory tells that an attempt is worth while. */
    boolean canSpin() {
        Readiness readiness = source.readiness();
        return readiness != null && !armed && !looks && !excluded && active && readiness.canSpin();
    }

    /** Looks once; asked if it {@link #canSpin}. */
    boolean looksReady() {
        return source.readiness().isReady();
    }

    /** When it has to be attempted in any case, at the latest. */
    long due() {
        if (!active || excluded) {
            return Long.MAX_VALUE;
        }
        return looks && !armed ? lookAt : source.due();
    }

    /** Looks after the peers; what that brings to light is found by the next attempt. */
    void idle() {
        if (active) {
            source.idle();
            suspected = true;
        }
    }

    /** Hands what was taken to the handlers, in the thread that waited. */
    public void report() {
        Consumer<? super T> onValue = handler;
        Consumer<? super RuntimeException> onFailure = failureHandler;
        RuntimeException why = failure;
        if (why == null) {
            if (onValue != null) {
                onValue.accept(value);
            }
        } else if (onFailure != null) {
            onFailure.accept(why);
        } else if (onValue != null) {
            throw why;
        }
    }

    @Override
    public SelectCase<T> then(Consumer<? super T> consumer) {
        handler = Objects.requireNonNull(consumer, "consumer");
        return this;
    }

    @Override
    public SelectCase<T> otherwise(Consumer<? super RuntimeException> consumer) {
        failureHandler = Objects.requireNonNull(consumer, "consumer");
        return this;
    }

    @Override
    public T value() {
        RuntimeException why = failure;
        if (why != null) {
            throw why;
        }
        if (!told) {
            throw new IllegalStateException("case " + key + " was not ready yet; ask when await has told it");
        }
        return value;
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public void close() {
        if (!active) {
            return;
        }
        active = false;
        selection.remove(this);
        arming.close();
        source.close();
    }

    @Override
    public String toString() {
        return "case " + key + (active ? "" : ", over");
    }
}
