/** Channels in shared memory, and what processes synchronize by. */
module org.jvmipc.shm {
    requires transitive org.jvmipc.core;
    requires org.jvmipc.posix;

    exports org.jvmipc.shm;
    exports org.jvmipc.shm.sync;

    uses org.jvmipc.shm.SegmentContent;

    provides org.jvmipc.spi.Inspector with org.jvmipc.shm.ShmInspector;
    provides org.jvmipc.shm.SegmentContent with
            org.jvmipc.shm.PoolContent,
            org.jvmipc.shm.sync.SyncContent;
    provides org.jvmipc.spi.ChannelProvider with org.jvmipc.shm.ShmProvider;
}
