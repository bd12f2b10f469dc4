/** Message queues as channels: persistent ones on Chronicle Queue, and those of the kernel, of POSIX and System V. */
module org.jvmipc.mq {
    requires transitive org.jvmipc.core;
    requires org.jvmipc.posix;
    requires org.jvmipc.shm;

    // Needed by queue: alone.
    requires static chronicle.queue;
    requires static chronicle.bytes;
    requires static chronicle.core;
    requires static chronicle.threads;
    requires static chronicle.wire;

    exports org.jvmipc.mq;

    provides org.jvmipc.spi.Inspector with org.jvmipc.mq.internal.QueueInspector;
    provides org.jvmipc.spi.ChannelProvider with
            org.jvmipc.mq.internal.PosixQueueProvider,
            org.jvmipc.mq.internal.SysvQueueProvider,
            org.jvmipc.mq.internal.persistent.PersistentQueueProvider;
}
