package org.jvmipc;

/** Something that was registered and can be taken back. */
@FunctionalInterface
public interface Registration extends AutoCloseable {
    /** Takes it back; idempotent, from any thread. What is running at this moment may still finish. */
    @Override
    void close();
}
