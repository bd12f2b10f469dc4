package org.jvmipc.posix;

import org.jvmipc.IpcException;

/**
 * A call to the operating system failed in a way that its caller did not expect. The message names the call, its
 * arguments, the error and one thing to do about it.
 */
public final class NativeCallException extends IpcException {

    private static final long serialVersionUID = 1L;

    /** The name of the function. */
    private final String call;
    /** The error number, positive. */
    private final int errno;

    /**
     * Creates the exception.
     *
     * @param call the function, for example {@code "open"}
     * @param arguments its arguments as a person would write them
     * @param errno the error number, positive or as {@code -errno}
     */
    public NativeCallException(String call, String arguments, int errno) {
        super(call + "(" + arguments + ") failed: " + Errno.name(errno) + " (" + Math.abs(errno) + "), "
                + Errno.text(errno) + ". " + Errno.advice(errno));
        this.call = call;
        this.errno = Math.abs(errno);
    }

    /**
     * Turns an error result into this exception and passes any other result through.
     *
     * @param result what the call returned, {@code -errno} if it failed
     * @param call the function
     * @param arguments its arguments as a person would write them
     * @return {@code result}, if it is not negative
     * @throws NativeCallException if {@code result} is negative
     */
    public static int check(int result, String call, String arguments) {
        if (result < 0) {
            throw new NativeCallException(call, arguments, result);
        }
        return result;
    }

    /**
     * Returns the name of the function.
     *
     * @return for example {@code "open"}
     */
    public String call() {
        return call;
    }

    /**
     * Returns the error number.
     *
     * @return positive, one of {@link Errno}
     */
    public int errno() {
        return errno;
    }
}
