/** Kernel message queues, of POSIX and of System V, as channels. */
module org.jvmipc.mq {
    requires transitive org.jvmipc.core;
    requires org.jvmipc.posix;

    exports org.jvmipc.mq;

    provides org.jvmipc.spi.ChannelProvider with
            org.jvmipc.mq.internal.PosixQueueProvider,
            org.jvmipc.mq.internal.SysvQueueProvider;
}
