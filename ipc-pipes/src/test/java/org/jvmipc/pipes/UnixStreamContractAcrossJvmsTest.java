package org.jvmipc.pipes;

import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ChannelContractAcrossJvms;
import org.jvmipc.testkit.contract.ContractSubject;

/** The contract on stream sockets between two processes. */
@ExtendWith(SharedThreads.class)
final class UnixStreamContractAcrossJvmsTest extends ChannelContractAcrossJvms {
    @Override
    protected ContractSubject subject() {
        return Subjects.UNIX;
    }
}
