/** Groups of JVMs that are started with their channels connected, supervised, and ended together. */
module org.jvmipc.process {
    requires transitive org.jvmipc.core;
    requires transitive org.jvmipc.signals;
    requires org.jvmipc.shm;

    exports org.jvmipc.process;

    uses org.jvmipc.spi.ChannelProvider;
}
