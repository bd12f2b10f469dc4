package org.jvmipc.shm;

import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.Trait;

/** The contract, on rings whose producer waits for no reader, wait=adaptive. */
final class LossyAdaptiveContractTest extends ChannelContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.LOSSY.plus(Trait.VARIANT).with(address -> address.with("wait", "adaptive"));
    }
}
