package org.jvmipc;

/**
 * Root of what this toolkit throws when the world outside the caller's code is at fault: peers, the kernel, limits,
 * broken data. Misuse is an {@link IllegalArgumentException}, {@link IllegalStateException} or
 * {@link UnsupportedOperationException} instead. The message names the value, the limit and the fix.
 */
public class IpcException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what happened, to whom, and what to do
     */
    public IpcException(String message) {
        super(message);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message what happened, to whom, and what to do
     * @param cause what led to it
     */
    public IpcException(String message, Throwable cause) {
        super(message, cause);
    }
}
