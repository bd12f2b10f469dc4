package org.jvmipc.testkit.contract;

/** The contract of bytes on the queue of one JVM. */
final class MemStreamContractTest extends StreamContract {
    @Override
    protected ContractSubject subject() {
        return MemContractTest.BOUNDED;
    }
}
