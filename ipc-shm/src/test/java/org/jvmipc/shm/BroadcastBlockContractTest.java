package org.jvmipc.shm;

import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.Trait;

/** The contract, on rings whose messages all readers see, with one reader, wait=block. */
final class BroadcastBlockContractTest extends ChannelContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.BROADCAST.plus(Trait.VARIANT).with(address -> address.with("wait", "block"));
    }
}
