package org.jvmipc.mq.internal.group;

/** The words of a group's file as its algorithm sees them, 64 bits each, sequentially consistent. */
interface Words {
    long get(int offset);

    void set(int offset, long value);

    boolean compareAndSet(int offset, long expected, long value);
}
