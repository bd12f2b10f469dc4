package org.jvmipc.mq.internal.group;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Messages that stay where they are and have numbers. Numbers grow from message to message, with gaps: who wants the
 * next one asks for it. What a number stands for never changes; the oldest messages may go.
 *
 * <p>A message is in the log when its sender was told so; {@link #next} and {@link #endIndex} then know it, in any
 * process. An instance is used by one thread at a time.
 */
public interface Log {
    /**
     * The oldest message that is still there.
     *
     * @return its number; {@link #endIndex} if there is none
     */
    long firstIndex();

    /**
     * Where the next message will be, or before that: greater than the number of any message there is.
     *
     * @return at least 0; grows only
     */
    long endIndex();

    /**
     * The message after another.
     *
     * @param index a number, whether or not there is a message of that number
     * @return the least number of a message that is greater, or {@link #endIndex} if there is none yet
     */
    long next(long index);

    /**
     * Reads a message in place.
     *
     * @param index its number
     * @param reader gets the message, read-only, valid until it returns
     * @return false if there is no message of that number, or no longer
     */
    boolean read(long index, Consumer<ByteBuffer> reader);
}
