package org.jvmipc.pipes;

import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ChannelContractAcrossJvms;
import org.jvmipc.testkit.contract.ContractSubject;

/** The contract on named FIFOs between two processes. */
@ExtendWith(SharedThreads.class)
final class FifoContractAcrossJvmsTest extends ChannelContractAcrossJvms {
    @Override
    protected ContractSubject subject() {
        return Subjects.FIFO;
    }
}
