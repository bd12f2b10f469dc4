/**
 * Tools to test programs that talk between processes: JVMs of their own, waiting, and the search for debris.
 */
module org.jvmipc.testkit {
    requires transitive org.jvmipc.core;
    requires transitive org.junit.jupiter.api;
    requires java.management;

    uses org.jvmipc.spi.ChannelProvider;

    exports org.jvmipc.testkit;
    exports org.jvmipc.testkit.contract;
    exports org.jvmipc.testkit.history;
}
