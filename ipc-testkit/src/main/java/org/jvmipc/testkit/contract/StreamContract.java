package org.jvmipc.testkit.contract;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/**
 * What every channel of bytes promises, with both ends in one JVM. A scheme's test inherits it and gives the same
 * subject as for {@link ChannelContract}, which says how it works.
 */
@IpcDir
@ExtendWith(SignalStorm.class)
@Timeout(60)
public abstract class StreamContract implements StreamCases, AsyncStreamCases {
    private Bench bench;

    /** For subclasses. */
    protected StreamContract() {
    }

    /**
     * What is tested.
     *
     * @return the scheme with its options
     */
    protected abstract ContractSubject subject();

    @BeforeEach
    final void setUp(IpcScope scope) {
        bench = new Bench(subject(), scope);
    }

    @AfterEach
    final void tidyUp() throws Exception {
        bench.close();
    }

    @Override
    public final Bench bench() {
        return bench;
    }
}
