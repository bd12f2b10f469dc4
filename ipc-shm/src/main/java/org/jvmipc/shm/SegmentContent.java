package org.jvmipc.shm;

import org.jvmipc.spi.Inspected;

/**
 * Tells tools what is in the memory of segments of some type. Found by {@link java.util.ServiceLoader}, so that it
 * needs a public constructor without arguments; a program may bring its own for the types that it makes.
 */
public interface SegmentContent {
    /**
     * Whether it knows a type.
     *
     * @param type as {@link SharedSegmentBuilder#type} was told
     * @return whether {@link #describe} is to be called
     */
    boolean knows(String type);

    /**
     * What people call segments of a type: {@code read-write lock}, say, for {@code read-write-lock/1}.
     *
     * @param type a type that it knows
     * @return the type itself by default
     */
    default String kind(String type) {
        return type;
    }

    /**
     * Describes what is in a segment.
     *
     * @param segment a private copy of it, made while others wrote: what stands in it may be anything
     * @param into gets it; its kind is {@link #kind}, and participants have been added already
     */
    void describe(SegmentView segment, Inspected into);

    /**
     * Whether those who come later need a segment although all who used it are dead, as {@link
     * SharedSegmentBuilder#keepIf} says to those who open it.
     *
     * @param segment a private copy of it
     * @return why; empty if not
     */
    default String needed(SegmentView segment) {
        return "";
    }
}
