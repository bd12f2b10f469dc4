package org.jvmipc.mq;

import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.StreamContractAcrossJvms;

/** The contract on bytes through persistent queues between two processes. */
@ExtendWith(PersistentThreads.class)
final class PersistentQueueBytesContractAcrossJvmsTest extends StreamContractAcrossJvms {
    @Override
    protected ContractSubject subject() {
        return Subjects.PERSISTENT;
    }
}
