package org.jvmipc.posix.internal;

import java.nio.ByteBuffer;

/** A word in shared memory as the shared thread sees it, which alone calls these methods. */
public interface FutexWatch {

    /**
     * Announces a sleeper and remembers the sequence it saw.
     *
     * @param bell which of the {@link Doorbells} to ring for it; 0 if it sleeps on the word itself
     * @return false if there is nothing to wait for
     */
    boolean prepare(int bell);

    /**
     * Looks whether the wait that {@link #prepare} began is over.
     *
     * @return true if there may be something to do
     */
    boolean isOver();

    /**
     * Looks only whether somebody has signalled the word since {@link #prepare}.
     *
     * @return true if so, or if there is nothing to wait for
     */
    boolean isSignalled();

    /**
     * Writes the word's address and the sequence seen for {@link org.jvmipc.posix.FutexCalls#waitAny}.
     *
     * @param vector where to
     * @param offset in bytes
     * @return false if there is nothing to wait for
     */
    boolean putWait(ByteBuffer vector, int offset);
}
