package org.jvmipc.shm;

import org.jvmipc.Address;
import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.Trait;

/** The contract, on rings of one producer and one consumer, wait=yield, in files of another directory. */
final class SpscYieldContractTest extends ChannelContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.SPSC.plus(Trait.SPINS, Trait.VARIANT)
                .naming((scope, name) -> Address.of("shm", scope.name(name)).with("wait", "yield")
                        .with("backing", "file").with("dir", scope.dir()));
    }
}
