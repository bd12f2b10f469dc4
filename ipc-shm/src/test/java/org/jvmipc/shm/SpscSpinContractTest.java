package org.jvmipc.shm;

import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.Trait;

/** The contract on rings of one producer and one consumer, wait=spin. */
final class SpscSpinContractTest extends ChannelContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.SPSC.plus(Trait.SPINS, Trait.VARIANT).with(address -> address.with("wait", "spin"));
    }
}
