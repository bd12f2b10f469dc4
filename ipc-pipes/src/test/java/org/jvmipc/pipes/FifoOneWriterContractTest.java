package org.jvmipc.pipes;

import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.Trait;

/** The contract on FIFOs with one writer. */
@ExtendWith(SharedThreads.class)
final class FifoOneWriterContractTest extends ChannelContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.FIFO.minus(Trait.SEVERAL_SENDERS).with(address -> address.with("writers", 1))
                .limited(address -> address.with("maxMessage", "64k"));
    }
}
