/** Channels in shared memory, and what processes synchronize by. */
module org.jvmipc.shm {
    requires transitive org.jvmipc.core;
    requires org.jvmipc.posix;

    exports org.jvmipc.shm;
    exports org.jvmipc.shm.sync;

    provides org.jvmipc.spi.ChannelProvider with org.jvmipc.shm.ShmProvider;
}
