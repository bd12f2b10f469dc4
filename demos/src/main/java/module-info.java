/** Runnable examples. */
module org.jvmipc.demos {
    requires com.google.protobuf;
    requires org.agrona;
    requires org.jvmipc.core;
    requires org.jvmipc.mq;
    requires org.jvmipc.pipes;
    requires org.jvmipc.process;
    requires org.jvmipc.shm;
    requires org.jvmipc.signals;

    uses org.jvmipc.spi.Inspector;
}
