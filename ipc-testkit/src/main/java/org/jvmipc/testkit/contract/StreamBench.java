package org.jvmipc.testkit.contract;

import java.nio.channels.ReadableByteChannel;
import org.jvmipc.Address;
import org.jvmipc.Ipc;

/** Opens channels of bytes. */
interface StreamBench extends Cases {
    /** Opens the two ends of a channel of bytes; closed by the test. */
    default StreamPair openUntracked(Address address) {
        ReadableByteChannel source = Ipc.source(address);
        return new StreamPair(Ipc.sink(Ipc.addressOf(source)), source);
    }

    /** Opens the two ends of a channel of bytes. */
    default StreamPair open(Address address) {
        StreamPair pair = openUntracked(address);
        bench().track(pair.source());
        bench().track(pair.sink());
        return pair;
    }

    /** A new channel. */
    default StreamPair stream() {
        return open(bench().address());
    }

    /** A new channel that is soon full. */
    default StreamPair smallStream() {
        return open(bench().small());
    }
}
