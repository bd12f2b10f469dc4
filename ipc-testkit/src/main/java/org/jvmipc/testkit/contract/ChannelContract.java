package org.jvmipc.testkit.contract;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/**
 * What every channel of messages promises, with both ends in one JVM. A scheme's test inherits it and says what it is
 * that is tested:
 *
 * <pre>{@code
 * class MemContractTest extends ChannelContract {
 *     @Override
 *     protected ContractSubject subject() {
 *         return ContractSubject.of("mem", Trait.HOLDS, Trait.BOUNDED, ...);
 *     }
 * }
 * }</pre>
 *
 * <p>Each test has addresses of its own and is followed by a check for debris. Nothing in here measures how fast a
 * channel is: what must happen may take ten seconds, what must not happen early is exact.
 */
@IpcDir
@ExtendWith(SignalStorm.class)
@Timeout(60)
public abstract class ChannelContract implements DeliveryCases, WaitingCases, ClosingCases, PeerCases,
        TransferCases, InPlaceCases, PeekCases, StatusCases, AsyncCases, PushCases,
        ThreadCases, AddressCases, DuplexCases {
    private Bench bench;

    /** For subclasses. */
    protected ChannelContract() {
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
