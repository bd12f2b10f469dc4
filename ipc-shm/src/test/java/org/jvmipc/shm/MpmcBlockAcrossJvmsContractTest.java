package org.jvmipc.shm;

import org.jvmipc.testkit.contract.ChannelContractAcrossJvms;
import org.jvmipc.testkit.contract.ContractSubject;

/** The contract between two processes, on rings of several producers and several consumers, wait=block. */
final class MpmcBlockAcrossJvmsContractTest extends ChannelContractAcrossJvms {
    @Override
    protected ContractSubject subject() {
        return Subjects.MPMC.with(address -> address.with("wait", "block"));
    }
}
