package org.jvmipc.posix.internal.calls;

/** Message queues of System V. */
public interface SysvQueueLib {

    /** {@code msgget(2)}. */
    int msgget(int key, int flags);

    /** {@code msgsnd(2)}. */
    int msgsnd(int id, long message, long length, int flags);

    /** {@code msgrcv(2)}. */
    long msgrcv(int id, long message, long room, long type, int flags);

    /** {@code msgctl(2)}. */
    int msgctl(int id, int command, long argument);
}
