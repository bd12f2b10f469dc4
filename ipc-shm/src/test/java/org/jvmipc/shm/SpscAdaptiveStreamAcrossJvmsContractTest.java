package org.jvmipc.shm;

import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.StreamContractAcrossJvms;

/** The contract of bytes between two processes, on rings of one producer and one consumer, wait=adaptive. */
final class SpscAdaptiveStreamAcrossJvmsContractTest extends StreamContractAcrossJvms {
    @Override
    protected ContractSubject subject() {
        return Subjects.SPSC.with(address -> address.with("wait", "adaptive"));
    }
}
