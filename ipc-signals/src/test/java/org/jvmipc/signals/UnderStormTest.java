package org.jvmipc.signals;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ChannelContract;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.StreamContractAcrossJvms;
import org.jvmipc.testkit.contract.Trait;
import org.jvmipc.testkit.contract.UnderStorm;

/**
 * System calls that are interrupted all the time disturb no channel: a pipe of the kernel, and a ring whose threads
 * sleep by futex. All others go the same way by {@code -Dipc.testkit.storm=1000} in a run of their own modules.
 */
@ExtendWith(SharedThreads.class)
final class UnderStormTest {
    private static final Trait[] COMMON = {
        Trait.HOLDS, Trait.BOUNDED, Trait.ENDS, Trait.NOTICES_RECEIVER, Trait.KNOWS_PEERS, Trait.KNOWS_PIDS,
        Trait.TELLS_DEATH, Trait.WAITS_FOR_PEERS, Trait.OVERFLOWS, Trait.SHARED_SENDER, Trait.SHARED_RECEIVER,
        Trait.LISTENS, Trait.NAMED, Trait.STREAMS, Trait.PEEKS, Trait.TRANSFERS, Trait.VARIANT
    };

    @Nested
    @UnderStorm
    final class Sockets extends ChannelContract {
        @Override
        protected ContractSubject subject() {
            return ContractSubject.of("unix", COMMON).with(address -> address.with("type", "seqpacket"));
        }
    }

    @Nested
    @UnderStorm
    final class Rings extends StreamContractAcrossJvms {
        @Override
        protected ContractSubject subject() {
            return ContractSubject.of("shm", COMMON)
                    .plus(Trait.HOLDS_BEFORE_RECEIVER, Trait.KNOWS_DEPTH)
                    .minus(Trait.SHARED_SENDER, Trait.SHARED_RECEIVER)
                    .small(address -> address.with("capacity", "4k"))
                    .with(address -> address.with("wait", "block"));
        }
    }
}
