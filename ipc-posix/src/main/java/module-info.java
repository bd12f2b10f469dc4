/** The operating system for the transports of jvm-ipc. */
module org.jvmipc.posix {
    requires transitive org.jvmipc.core;
    requires org.jnrproject.ffi;
    requires org.jnrproject.jffi;

    // jnr-ffi needs these and, being an automatic module, cannot say so.
    requires org.objectweb.asm.commons;
    requires org.objectweb.asm.util;

    exports org.jvmipc.posix;

    provides org.jvmipc.spi.Inspector with org.jvmipc.posix.LifeInspector;
    provides org.jvmipc.spi.CounterStore with org.jvmipc.posix.internal.CounterFiles;

    // jnr-ffi implements these interfaces with classes of an unnamed module.
    opens org.jvmipc.posix.internal.calls;
}
