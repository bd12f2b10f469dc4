package org.jvmipc.mq;

import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.StreamContractAcrossJvms;

/** The contract on bytes through System V queues between two processes. */
@ExtendWith(SharedThreads.class)
final class SysvQueueBytesContractAcrossJvmsTest extends StreamContractAcrossJvms {
    @Override
    protected ContractSubject subject() {
        return Subjects.SYSV;
    }
}
