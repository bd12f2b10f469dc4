package org.jvmipc.posix.internal.calls;

/** The calling process. */
public interface ProcessLib {

    /** {@code geteuid(2)}. */
    int geteuid();

    /** {@code getuid(2)}. */
    int getuid();
}
