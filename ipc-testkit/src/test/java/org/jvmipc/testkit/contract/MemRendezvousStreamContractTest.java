package org.jvmipc.testkit.contract;

/** The contract of bytes on a channel without room. */
final class MemRendezvousStreamContractTest extends StreamContract {
    @Override
    protected ContractSubject subject() {
        return MemContractTest.BOUNDED
                .minus(Trait.HOLDS, Trait.HOLDS_BEFORE_RECEIVER, Trait.BOUNDED)
                .with(address -> address.with("mode", "rendezvous"))
                .small(address -> address)
                .differing(address -> address.with("mode", "unbounded"));
    }
}
