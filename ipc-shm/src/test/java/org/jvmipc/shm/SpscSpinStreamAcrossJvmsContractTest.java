package org.jvmipc.shm;

import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.StreamContractAcrossJvms;
import org.jvmipc.testkit.contract.Trait;

/** The contract of bytes between two processes, on rings of one producer and one consumer, wait=spin. */
final class SpscSpinStreamAcrossJvmsContractTest extends StreamContractAcrossJvms {
    @Override
    protected ContractSubject subject() {
        return Subjects.SPSC.plus(Trait.SPINS).with(address -> address.with("wait", "spin"));
    }
}
