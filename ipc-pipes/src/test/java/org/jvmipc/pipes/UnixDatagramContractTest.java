package org.jvmipc.pipes;

import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;

/** The contract on datagram sockets by path. */
final class UnixDatagramContractTest extends ChannelContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.DATAGRAM;
    }
}
