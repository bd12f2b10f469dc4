package org.jvmipc.posix.internal.calls;

/** {@code syscall(2)}, for calls that the C library does not wrap. */
public interface SyscallLib {

    /** A system call with up to four arguments. */
    long syscall(long number, long a, long b, long c, long d);

    /** A system call with up to six arguments; never with five alone, see the package comment. */
    long syscall(long number, long a, long b, long c, long d, long e, long f);
}
