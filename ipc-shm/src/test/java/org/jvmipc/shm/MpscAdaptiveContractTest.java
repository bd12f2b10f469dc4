package org.jvmipc.shm;

import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;

/** The contract, on rings of several producers and one consumer, wait=adaptive. */
final class MpscAdaptiveContractTest extends ChannelContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.MPSC.with(address -> address.with("wait", "adaptive"));
    }
}
