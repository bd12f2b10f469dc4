package org.jvmipc.shm;

import java.util.function.UnaryOperator;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.Trait;

/** What the contract is run on. */
final class Subjects {
    static final ContractSubject SPSC = ContractSubject
            .of("shm", Trait.HOLDS, Trait.HOLDS_BEFORE_RECEIVER, Trait.BOUNDED, Trait.TRANSFERS, Trait.ENDS,
                    Trait.NOTICES_RECEIVER, Trait.KNOWS_PEERS, Trait.KNOWS_PIDS, Trait.TELLS_DEATH,
                    Trait.WAITS_FOR_PEERS, Trait.OVERFLOWS, Trait.NAMED, Trait.LISTENS, Trait.KNOWS_DEPTH,
                    Trait.STREAMS, Trait.PEEKS)
            .small(address -> address.with("capacity", "4k"))
            .differing(address -> address.with("capacity", "8k"))
            .badName("shm:").badName("shm:a/b").badName("shm:.hidden");

    static final ContractSubject MPSC = SPSC.plus(Trait.SEVERAL_SENDERS).minus(Trait.LISTENS, Trait.STREAMS)
            .with(address -> address.with("ring", "mpsc"));

    static final ContractSubject MPMC = SPSC.plus(Trait.SEVERAL_SENDERS, Trait.SEVERAL_RECEIVERS)
            .minus(Trait.LISTENS, Trait.STREAMS).with(address -> address.with("ring", "mpmc"));

    static final ContractSubject BROADCAST = SPSC.minus(Trait.LISTENS, Trait.STREAMS)
            .with(address -> address.with("ring", "broadcast"));

    static final ContractSubject LOSSY = BROADCAST.minus(Trait.BOUNDED, Trait.TRANSFERS).plus(Trait.DROPS_OLDEST)
            .small(UnaryOperator.identity())
            .with(address -> address.with("overflow", "dropOldest"));

    private Subjects() {
    }
}
