package org.jvmipc.shm;

import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;

/** The contract, on rings of several producers and several consumers, wait=spin. */
final class MpmcSpinContractTest extends ChannelContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.MPMC.with(address -> address.with("wait", "spin"));
    }
}
