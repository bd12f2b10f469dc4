package org.jvmipc.shm;

import org.jvmipc.testkit.contract.ChannelContractAcrossJvms;
import org.jvmipc.testkit.contract.ContractSubject;

/** The contract between two processes, on rings of several producers and one consumer, wait=block. */
final class MpscBlockAcrossJvmsContractTest extends ChannelContractAcrossJvms {
    @Override
    protected ContractSubject subject() {
        return Subjects.MPSC.with(address -> address.with("wait", "block"));
    }
}
