package org.jvmipc.mq;

import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ChannelContractAcrossJvms;
import org.jvmipc.testkit.contract.ContractSubject;

/** The contract on System V queues between two processes. */
@ExtendWith(SharedThreads.class)
final class SysvQueueContractAcrossJvmsTest extends ChannelContractAcrossJvms {
    @Override
    protected ContractSubject subject() {
        return Subjects.SYSV;
    }
}
