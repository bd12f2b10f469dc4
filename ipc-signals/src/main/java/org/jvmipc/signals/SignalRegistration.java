package org.jvmipc.signals;

import org.jvmipc.Registration;

/**
 * What a program has asked for a signal. Closing it takes it back: with the last one of a signal, what was there before
 * the first is there again.
 */
public interface SignalRegistration extends Registration {
    /**
     * The signal.
     *
     * @return which one
     */
    Signal signal();

    /**
     * Looks whether it works: it does not any more once it was closed, if other code of this process has taken the
     * signal since, and never did if the process was started with the signal ignored ({@code nohup}, background jobs of
     * some shells), which the JVM respects for HUP, INT and TERM.
     *
     * @return whether a signal would come here
     */
    boolean isEffective();
}
