package org.jvmipc.shm;

import org.jvmipc.testkit.contract.ChannelContractAcrossJvms;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.Trait;

/** The contract between two processes, on rings of several producers and one consumer, wait=spin. */
final class MpscSpinAcrossJvmsContractTest extends ChannelContractAcrossJvms {
    @Override
    protected ContractSubject subject() {
        return Subjects.MPSC.plus(Trait.SPINS).with(address -> address.with("wait", "spin"));
    }
}
