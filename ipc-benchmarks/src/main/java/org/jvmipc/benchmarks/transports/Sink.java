package org.jvmipc.benchmarks.transports;

/** Takes what the consumer reads of a message; see {@link Payload}. */
@FunctionalInterface
public interface Sink {
    /**
     * A message has come.
     *
     * @param length its length in bytes
     * @param first its first word
     * @param second the word at {@link Payload#SECOND}
     * @param third the word at {@link Payload#THIRD}
     * @param last its last word
     */
    void accept(int length, long first, long second, long third, long last);
}
