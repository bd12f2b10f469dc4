package org.jvmipc.pipes;

import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ChannelContractAcrossJvms;
import org.jvmipc.testkit.contract.ContractSubject;

/** The contract on anonymous pipes between a parent and its child. */
@ExtendWith(SharedThreads.class)
final class PipeContractAcrossJvmsTest extends ChannelContractAcrossJvms {
    @Override
    protected ContractSubject subject() {
        return Subjects.PIPE;
    }
}
