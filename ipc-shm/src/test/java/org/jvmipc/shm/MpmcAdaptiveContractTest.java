package org.jvmipc.shm;

import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.Trait;

/** The contract, on rings of several producers and several consumers, wait=adaptive. */
final class MpmcAdaptiveContractTest extends ChannelContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.MPMC.plus(Trait.VARIANT).with(address -> address.with("wait", "adaptive"));
    }
}
