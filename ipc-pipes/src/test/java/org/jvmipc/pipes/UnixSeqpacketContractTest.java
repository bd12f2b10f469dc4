package org.jvmipc.pipes;

import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;

/** The contract on seqpacket sockets by path. */
@ExtendWith(SharedThreads.class)
final class UnixSeqpacketContractTest extends ChannelContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.UNIX.with(address -> address.with("type", "seqpacket"));
    }
}
