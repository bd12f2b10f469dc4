package org.jvmipc.cli;

import java.nio.file.AccessDeniedException;
import java.util.concurrent.TimeoutException;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.SegmentCorruptedException;

/** What the command tells its caller. These numbers are part of its contract and do not change. */
final class ExitCodes {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int NOT_FOUND = 3;
    static final int DENIED = 4;
    static final int DAMAGED = 5;
    static final int DEADLOCK = 6;
    static final int TIMED_OUT = 124;

    private ExitCodes() {
    }

    /** What a failure comes to. */
    static int of(Throwable failure) {
        if (failure instanceof ChannelNotFoundException || failure instanceof NotFoundException) {
            return NOT_FOUND;
        }
        if (failure instanceof AccessRefusedException || failure instanceof AccessDeniedException) {
            return DENIED;
        }
        if (failure instanceof SegmentCorruptedException) {
            return DAMAGED;
        }
        if (failure instanceof IpcTimeoutException || failure instanceof TimeoutException) {
            return TIMED_OUT;
        }
        return failure instanceof IllegalArgumentException ? USAGE : FAILED;
    }

    /** There is nothing of a name. */
    static final class NotFoundException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotFoundException(String message) {
            super(message);
        }
    }
}
