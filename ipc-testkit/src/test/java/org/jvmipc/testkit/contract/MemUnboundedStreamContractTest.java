package org.jvmipc.testkit.contract;

/** The contract of bytes on a channel that is never full. */
final class MemUnboundedStreamContractTest extends StreamContract {
    @Override
    protected ContractSubject subject() {
        return MemContractTest.BOUNDED
                .minus(Trait.BOUNDED)
                .with(address -> address.with("mode", "unbounded"))
                .small(address -> address)
                .differing(address -> address.with("mode", "rendezvous"));
    }
}
