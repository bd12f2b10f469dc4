package org.jvmipc.posix.internal.calls;

import jnr.ffi.annotations.In;

/** Signals, and what a process is before and after one. */
@SuppressWarnings("checkstyle:MethodName") // the names are those of C
public interface SignalLib {

    /** {@code kill(2)}. */
    int kill(int pid, int signal);

    /** {@code sigqueue(3)}; the union is passed as the 8 bytes it is. */
    int sigqueue(int pid, int signal, long value);

    /** {@code signalfd(2)}. */
    int signalfd(int fd, long mask, int flags);

    /** {@code pthread_sigmask(3)}: returns the error number itself. */
    int pthread_sigmask(int how, long mask, long old);

    /** {@code getuid(2)}. */
    int getuid();

    /** {@code execve(2)}. */
    int execve(@In byte[] path, long arguments, long environment);
}
