package org.jvmipc.posix.internal.calls;

import jnr.ffi.annotations.In;

/** Message queues of POSIX. */
@SuppressWarnings("checkstyle:MethodName") // the names are those of C
public interface PosixQueueLib {

    /** {@code mq_open(3)}. */
    int mq_open(@In byte[] name, int flags, int mode, long attributes);

    /** {@code mq_unlink(3)}. */
    int mq_unlink(@In byte[] name);

    /** {@code mq_send(3)}. */
    int mq_send(int queue, long message, long length, int priority);

    /** {@code mq_receive(3)}. */
    long mq_receive(int queue, long message, long room, long priority);

    /** {@code mq_getattr(3)}. */
    int mq_getattr(int queue, long attributes);
}
