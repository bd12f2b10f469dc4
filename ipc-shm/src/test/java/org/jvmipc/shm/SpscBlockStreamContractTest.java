package org.jvmipc.shm;

import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.Trait;
import org.jvmipc.testkit.contract.StreamContract;

/** The contract of bytes, on rings of one producer and one consumer, wait=block. */
final class SpscBlockStreamContractTest extends StreamContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.SPSC.plus(Trait.VARIANT).with(address -> address.with("wait", "block"));
    }
}
