package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The contract on the queue of one JVM, the reference. */
final class MemContractTest extends ChannelContract {
    static final ContractSubject BOUNDED = ContractSubject
            .of("mem", Trait.HOLDS, Trait.HOLDS_BEFORE_RECEIVER, Trait.BOUNDED, Trait.TRANSFERS, Trait.ENDS,
                    Trait.NOTICES_RECEIVER, Trait.KNOWS_PEERS, Trait.KNOWS_PIDS, Trait.WAITS_FOR_PEERS,
                    Trait.OVERFLOWS, Trait.SHARED_SENDER, Trait.SHARED_RECEIVER, Trait.SEVERAL_SENDERS,
                    Trait.SEVERAL_RECEIVERS, Trait.NAMED, Trait.LISTENS, Trait.KNOWS_DEPTH, Trait.STREAMS,
                    Trait.PEEKS)
            .small(address -> address.with("capacity", 8))
            .differing(address -> address.with("capacity", 3))
            .badName("mem:").badName("mem:a/b").badName("mem:.hidden");

    @Override
    protected ContractSubject subject() {
        return BOUNDED;
    }

    @Test
    void shouldDropAndCountTheOldestWithOverflowDropOldest() throws Exception {
        Pair pair = bench().smallPair("overflow=dropOldest");
        for (int i = 0; i < 11; i++) {
            pair.sender.send(Payload.of(i, pair.size));
        }
        assertEquals(3, pair.sender.status().dropped());
        assertEquals(11, pair.sender.status().sent());
        pair.expectAll(3, 11);
        pair.expectNothing();
    }
}
