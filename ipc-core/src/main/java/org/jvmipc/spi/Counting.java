package org.jvmipc.spi;

/** Whether channels count what they do: a constant to the compiler, so that who does not count pays nothing for it. */
public final class Counting {
    /** The name of the system property that decides. */
    public static final String PROPERTY = "ipc.counters";

    /** False if the property was {@code off} when the first channel was opened. */
    public static final boolean ON = !"off".equals(System.getProperty(PROPERTY));

    private Counting() {
    }
}
