package org.jvmipc.signals;

import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;

/** The contract on signals that a process sends to itself. */
@ExtendWith(SharedThreads.class)
final class SignalContractTest extends ChannelContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.SIGNAL;
    }
}
