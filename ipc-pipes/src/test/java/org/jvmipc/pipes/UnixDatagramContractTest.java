package org.jvmipc.pipes;

import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;

/** The contract on datagram sockets by path. */
@ExtendWith(SharedThreads.class)
final class UnixDatagramContractTest extends ChannelContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.DATAGRAM;
    }
}
