package org.jvmipc.internal;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * How the values of one type stand in a message: in a slot of fixed size, and, if they have no fixed size, in a tail
 * that follows the slots of all components. All offsets are from the beginning of a big-endian buffer.
 */
interface Shape {
    /** How the type is called in the description of a record. */
    String type();

    /** Bytes of the slot. */
    int slot();

    /**
     * Bytes of the tail of a value.
     *
     * @throws IllegalArgumentException if the value cannot be sent
     */
    long tail(Object value);

    /** Writes a value: the slot at an offset, the tail at the buffer's position, which moves behind it. */
    void put(Object value, ByteBuffer message, int at);

    /**
     * Reads a value: the slot, which lies within the message, at an offset, and the tail at the buffer's position,
     * which
     * moves behind it.
     *
     * @throws org.jvmipc.MalformedMessageException if the bytes are no such value
     */
    Object get(ByteBuffer message, int at);

    /**
     * Tells what stands in the tail of a value whose slot begins at an offset.
     *
     * @param at the offset
     * @param texts gets the offsets of the lengths of its texts
     * @param unknown its element is set to true if there may be anything else
     */
    void texts(int at, List<Integer> texts, boolean[] unknown);
}
