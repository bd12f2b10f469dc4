package org.jvmipc.shm;

import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.Trait;

/** The contract, on rings of several producers and one consumer, wait=adaptive. */
final class MpscAdaptiveContractTest extends ChannelContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.MPSC.plus(Trait.VARIANT).with(address -> address.with("wait", "adaptive"));
    }
}
