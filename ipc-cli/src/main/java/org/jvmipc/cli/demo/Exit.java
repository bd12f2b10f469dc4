package org.jvmipc.cli.demo;

/** Exit codes. */
final class Exit {
    static final int OK = 0;
    static final int FAILED = 1;
    /** After SIGINT. */
    static final int INTERRUPTED = 130;
    /** After SIGTERM. */
    static final int TERMINATED = 143;

    private Exit() {
    }
}
