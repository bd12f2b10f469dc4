package org.jvmipc.signals;

/** What is done when a signal has come. */
@FunctionalInterface
public interface SignalHandler {
    /**
     * Called on the executor that was chosen, never by two threads at a time for one registration. Signals that came
     * meanwhile are one call afterwards: how many they were is unknown, and never counted here.
     *
     * @param signal which one
     * @throws Exception whatever goes wrong; it goes to the uncaught exception handler of the thread, and the handler
     *     is called again for the next signal
     */
    void onSignal(Signal signal) throws Exception;
}
