package org.jvmipc.pipes;

import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;

/** The contract on native stream sockets by path. */
@ExtendWith(SharedThreads.class)
final class UnixNativeStreamContractTest extends ChannelContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.UNIX.with(address -> address.with("descriptors", true));
    }
}
