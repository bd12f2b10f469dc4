/** The channel API, its providers' interface, and channels within one JVM. */
module org.jvmipc.core {
    // For those who record; it may be missing.
    requires static jdk.jfr;

    exports org.jvmipc;
    exports org.jvmipc.observe;
    exports org.jvmipc.spi;

    uses org.jvmipc.spi.ChannelProvider;
    uses org.jvmipc.spi.CounterStore;

    provides org.jvmipc.spi.ChannelProvider with org.jvmipc.internal.MemProvider;
}
