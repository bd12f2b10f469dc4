package org.jvmipc.testkit;

/**
 * What a {@link ChildJvm} runs.
 *
 * <p>The child makes the object itself, by the name of its class: an implementation is a top-level or static nested
 * class with a constructor without arguments, never a lambda or an anonymous class. It may be package-private as long
 * as its package is not part of a named module.
 */
public interface Peer {

    /**
     * Does the work of the child, in its main thread.
     *
     * <p>When this method returns, the child ends as any program does: after the last non-daemon thread, with exit
     * code 0. When it throws, the stack trace goes to the standard error and the child exits with code 1 at once,
     * whatever threads are still running.
     *
     * @param context arguments, parameters and the line to the parent
     * @throws Exception whatever goes wrong
     */
    void run(PeerContext context) throws Exception;
}
