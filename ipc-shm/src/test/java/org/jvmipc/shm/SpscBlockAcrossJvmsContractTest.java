package org.jvmipc.shm;

import org.jvmipc.testkit.contract.ChannelContractAcrossJvms;
import org.jvmipc.testkit.contract.ContractSubject;

/** The contract between two processes, on rings of one producer and one consumer, wait=block. */
final class SpscBlockAcrossJvmsContractTest extends ChannelContractAcrossJvms {
    @Override
    protected ContractSubject subject() {
        return Subjects.SPSC.with(address -> address.with("wait", "block"));
    }
}
