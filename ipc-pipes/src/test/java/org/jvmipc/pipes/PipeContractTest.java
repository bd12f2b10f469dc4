package org.jvmipc.pipes;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.StreamContract;

/** The contract on anonymous pipes. */
@ExtendWith(SharedThreads.class)
final class PipeContractTest {
    @Nested
    final class Messages extends ChannelContract {
        @Override
        protected ContractSubject subject() {
            return Subjects.PIPE;
        }
    }

    @Nested
    final class Bytes extends StreamContract {
        @Override
        protected ContractSubject subject() {
            return Subjects.PIPE;
        }
    }
}
