package org.jvmipc.shm;

import org.jvmipc.testkit.contract.ChannelContractAcrossJvms;
import org.jvmipc.testkit.contract.ContractSubject;

/** The contract between two processes, on rings whose messages all readers see, with one reader, wait=adaptive. */
final class BroadcastAdaptiveAcrossJvmsContractTest extends ChannelContractAcrossJvms {
    @Override
    protected ContractSubject subject() {
        return Subjects.BROADCAST.with(address -> address.with("wait", "adaptive"));
    }
}
