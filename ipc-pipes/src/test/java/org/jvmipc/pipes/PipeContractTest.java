package org.jvmipc.pipes;

import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;

/** The contract on anonymous pipes. */
@ExtendWith(SharedThreads.class)
final class PipeContractTest extends ChannelContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.PIPE;
    }
}
