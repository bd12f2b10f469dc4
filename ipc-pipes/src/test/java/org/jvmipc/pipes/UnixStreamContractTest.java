package org.jvmipc.pipes;

import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;

/** The contract on stream sockets by path, without native code. */
@ExtendWith(SharedThreads.class)
final class UnixStreamContractTest extends ChannelContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.UNIX;
    }
}
