package org.jvmipc.mq;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.StreamContract;

/** The contract on persistent queues with lanes. */
@ExtendWith(PersistentThreads.class)
final class LanesQueueContractTest {
    @Nested
    final class Messages extends ChannelContract {
        @Override
        protected ContractSubject subject() {
            return Subjects.LANES;
        }
    }

    @Nested
    final class Bytes extends StreamContract {
        @Override
        protected ContractSubject subject() {
            return Subjects.LANES;
        }
    }
}
