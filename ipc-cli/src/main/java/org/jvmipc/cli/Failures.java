package org.jvmipc.cli;

/** Failures in one line each. */
final class Failures {
    private Failures() {
    }

    static String line(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getName()
                : message.lines().findFirst().orElse("");
    }
}
