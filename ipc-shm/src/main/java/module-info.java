/** Channels in shared memory. */
module org.jvmipc.shm {
    requires transitive org.jvmipc.core;
    requires org.jvmipc.posix;

    exports org.jvmipc.shm;

    provides org.jvmipc.spi.ChannelProvider with org.jvmipc.shm.ShmProvider;
}
