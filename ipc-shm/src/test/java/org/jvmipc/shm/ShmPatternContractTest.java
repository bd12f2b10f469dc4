package org.jvmipc.shm;

import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.PatternContract;

/** What is built on channels, over rings. */
final class ShmPatternContractTest extends PatternContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.SPSC;
    }

    @Override
    protected ContractSubject mailboxes() {
        return Subjects.MPSC.with(address -> address.with("peerDeath", "wait"));
    }
}
