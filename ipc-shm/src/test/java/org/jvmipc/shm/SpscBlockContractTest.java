package org.jvmipc.shm;

import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.Trait;

/** The contract on rings of one producer and one consumer, wait=block. */
final class SpscBlockContractTest extends ChannelContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.SPSC.plus(Trait.VARIANT).with(address -> address.with("wait", "block"));
    }
}
