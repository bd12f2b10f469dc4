package org.jvmipc.mq;

import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ChannelContractAcrossJvms;
import org.jvmipc.testkit.contract.ContractSubject;

/** The contract on POSIX queues between two processes. */
@ExtendWith(SharedThreads.class)
final class PosixQueueContractAcrossJvmsTest extends ChannelContractAcrossJvms {
    @Override
    protected ContractSubject subject() {
        return Subjects.POSIX;
    }
}
