package org.jvmipc.benchmarks.transports;

import java.io.IOException;

/** A way to bring messages from one process to another. */
public interface Transport {
    /**
     * Opens the receiving end, and waits for nobody.
     *
     * @param setup where the ends meet, and how
     * @return the end
     * @throws IOException if that fails
     */
    Inlet inlet(Setup setup) throws IOException;

    /**
     * Opens the sending end. Waits until all the receiving ends are there.
     *
     * @param setup where the ends meet, and how
     * @return the end
     * @throws IOException if that fails
     */
    Outlet outlet(Setup setup) throws IOException;
}
