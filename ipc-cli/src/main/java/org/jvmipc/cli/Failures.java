package org.jvmipc.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Failures in one line each. */
final class Failures {
    private Failures() {
    }

    static String line(Throwable failure) {
        String message = failure.getMessage();
        if (failure instanceof AccessDeniedException denied && denied.getReason() == null) {
            return message + ": access denied to this user";
        }
        if (failure instanceof NoSuchFileException missing && missing.getReason() == null) {
            return message + " does not exist";
        }
        return message == null || message.isBlank() ? failure.getClass().getName()
                : message.lines().findFirst().orElse("");
    }
}
