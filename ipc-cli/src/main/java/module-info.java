/** The command {@code ipc}. */
module org.jvmipc.cli {
    requires org.jvmipc.core;
    requires org.jvmipc.mq;
    requires org.jvmipc.process;
    requires info.picocli;
    requires HdrHistogram;

    uses org.jvmipc.spi.ChannelProvider;
    uses org.jvmipc.spi.Inspector;

    opens org.jvmipc.cli to info.picocli;
}
