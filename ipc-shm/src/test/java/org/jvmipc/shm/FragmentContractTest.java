package org.jvmipc.shm;

import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.Trait;

/** The contract, on rings whose records are parts of messages. */
final class FragmentContractTest extends ChannelContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.SPSC.plus(Trait.VARIANT).minus(Trait.KNOWS_DEPTH)
                .limited(address -> address.with("maxMessage", "1m"))
                .with(address -> address.with("fragment", true));
    }
}
