/** The operating system for the transports of jvm-ipc. */
module org.jvmipc.posix {
    requires transitive org.jvmipc.core;
    requires org.jnrproject.ffi;
    requires org.jnrproject.jffi;

    exports org.jvmipc.posix;

    // jnr-ffi implements these interfaces with classes of an unnamed module.
    opens org.jvmipc.posix.internal.calls;
}
