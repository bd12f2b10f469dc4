package org.jvmipc.mq;

import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.StreamContractAcrossJvms;

/** The contract on bytes through POSIX queues between two processes. */
@ExtendWith(SharedThreads.class)
final class PosixQueueBytesContractAcrossJvmsTest extends StreamContractAcrossJvms {
    @Override
    protected ContractSubject subject() {
        return Subjects.POSIX;
    }
}
