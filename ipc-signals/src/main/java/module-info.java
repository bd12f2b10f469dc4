/** Signals: handlers, sending, real-time signals with a payload, the signal channel, and the ends of processes. */
module org.jvmipc.signals {
    requires transitive org.jvmipc.core;
    requires org.jvmipc.posix;
    requires jdk.unsupported;

    exports org.jvmipc.signals;

    provides org.jvmipc.spi.ChannelProvider with org.jvmipc.signals.internal.SignalProvider;
}
