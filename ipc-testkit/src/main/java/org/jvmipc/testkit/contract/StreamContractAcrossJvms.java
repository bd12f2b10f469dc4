package org.jvmipc.testkit.contract;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/**
 * What every channel of bytes promises between two processes, one of which may be killed. A scheme's test inherits it
 * and gives the same subject as for {@link ChannelContract}.
 */
@IpcDir
@ExtendWith(SignalStorm.class)
@Timeout(90)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class StreamContractAcrossJvms implements RemoteStreamCases {
    private Bench bench;
    private Remote remote;

    /** For subclasses. */
    protected StreamContractAcrossJvms() {
    }

    /**
     * What is tested.
     *
     * @return the scheme with its options
     */
    protected abstract ContractSubject subject();

    @BeforeAll
    final void startOtherProcess() {
        remote = Remote.start(subject());
    }

    @AfterAll
    final void endOtherProcess() {
        remote.close();
    }

    @BeforeEach
    final void setUp(IpcScope scope) {
        bench = new Bench(subject(), scope, remote);
    }

    @AfterEach
    final void tidyUp() throws Exception {
        remote.reset();
        bench.close();
    }

    @Override
    public final Bench bench() {
        return bench;
    }
}
