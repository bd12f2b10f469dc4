package org.jvmipc.shm;

import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.StreamContract;
import org.jvmipc.testkit.contract.Trait;

/** The contract of bytes, on rings of one producer and one consumer, wait=spin. */
final class SpscSpinStreamContractTest extends StreamContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.SPSC.plus(Trait.SPINS, Trait.VARIANT).with(address -> address.with("wait", "spin"));
    }
}
