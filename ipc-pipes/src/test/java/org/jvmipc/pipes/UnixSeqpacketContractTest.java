package org.jvmipc.pipes;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.StreamContract;

/** The contract on seqpacket sockets by path. */
@ExtendWith(SharedThreads.class)
final class UnixSeqpacketContractTest {
    @Nested
    final class Messages extends ChannelContract {
        @Override
        protected ContractSubject subject() {
            return Subjects.SEQPACKET;
        }
    }

    @Nested
    final class Bytes extends StreamContract {
        @Override
        protected ContractSubject subject() {
            return Subjects.SEQPACKET;
        }
    }
}
