package org.jvmipc.pipes;

import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.StreamContractAcrossJvms;

/** The contract of bytes on named FIFOs between two processes. */
@ExtendWith(SharedThreads.class)
final class FifoBytesContractAcrossJvmsTest extends StreamContractAcrossJvms {
    @Override
    protected ContractSubject subject() {
        return Subjects.FIFO;
    }
}
