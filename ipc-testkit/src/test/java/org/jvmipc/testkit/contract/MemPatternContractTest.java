package org.jvmipc.testkit.contract;

/** What is built on channels, within one JVM. */
final class MemPatternContractTest extends PatternContract {
    @Override
    protected ContractSubject subject() {
        return MemContractTest.BOUNDED;
    }
}
