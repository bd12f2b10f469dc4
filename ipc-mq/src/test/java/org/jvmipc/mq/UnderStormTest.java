package org.jvmipc.mq;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ChannelContractAcrossJvms;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.UnderStorm;

/** System calls that signals interrupt all the time disturb neither kind of queue. */
@ExtendWith(SharedThreads.class)
final class UnderStormTest {
    @Nested
    @UnderStorm
    final class Posix extends ChannelContract {
        @Override
        protected ContractSubject subject() {
            return Subjects.POSIX;
        }
    }

    @Nested
    @UnderStorm
    final class SystemV extends ChannelContractAcrossJvms {
        @Override
        protected ContractSubject subject() {
            return Subjects.SYSV;
        }
    }
}
