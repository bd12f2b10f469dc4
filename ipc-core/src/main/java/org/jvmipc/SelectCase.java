package org.jvmipc;

import java.util.function.Consumer;

/**
 * One of the things that a {@link Select} waits for. Closing it takes it out of the select, also while a thread waits
 * there; the channel, the process or the computation is left alone.
 *
 * <p>Some cases are over once they were ready: those of {@link Select#send}, {@link Select#after}, {@link Select#on}
 * and {@link Select#onExit}. The others go on until they are closed, the channel has told its end, or it has failed for
 * good.
 *
 * <p>Any thread may call any method; handlers are called by the thread that waits in the select.
 *
 * @param <T> what it gives when it is ready
 */
public interface SelectCase<T> extends Registration {
    /**
     * Has a handler called each time this case is chosen, before the select returns its key.
     *
     * @param consumer gets what the case gives; it may register and close cases, close the select, and wait in it
     * @return this
     */
    SelectCase<T> then(Consumer<? super T> consumer);

    /**
     * Has a handler called when this case is chosen because it has failed: the channel was closed, is broken, or its
     * peer has died; the computation has failed. Without one, and with one for {@link #then}, the exception is thrown
     * by the select.
     *
     * @param consumer gets what the channel's own method would have thrown
     * @return this
     */
    SelectCase<T> otherwise(Consumer<? super RuntimeException> consumer);

    /**
     * What this case gave when it was chosen last.
     *
     * @return the value; each kind of case says which
     * @throws RuntimeException what the case failed with, if it did
     * @throws IllegalStateException if it was not chosen yet
     */
    T value();

    /**
     * Whether the select still waits for it.
     *
     * @return false if it was closed or is over
     */
    boolean isActive();
}
