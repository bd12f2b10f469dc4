/** Anonymous pipes, FIFOs and Unix-domain sockets as channels. */
module org.jvmipc.pipes {
    requires transitive org.jvmipc.core;
    requires org.jvmipc.posix;

    exports org.jvmipc.pipes;

    provides org.jvmipc.spi.Inspector with org.jvmipc.pipes.internal.PipeInspector;
    provides org.jvmipc.spi.ChannelProvider with
            org.jvmipc.pipes.internal.FifoProvider,
            org.jvmipc.pipes.internal.PipeProvider,
            org.jvmipc.pipes.internal.UnixProvider;
}
