package org.jvmipc.shm;

import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;

/** The contract on rings of one producer and one consumer, wait=adaptive. */
final class SpscAdaptiveContractTest extends ChannelContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.SPSC.with(address -> address.with("wait", "adaptive"));
    }
}
