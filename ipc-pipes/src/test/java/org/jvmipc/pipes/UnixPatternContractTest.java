package org.jvmipc.pipes;

import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.PatternContract;

/** What is built on channels, over Unix sockets. */
@ExtendWith(SharedThreads.class)
final class UnixPatternContractTest extends PatternContract {
    @Override
    protected ContractSubject subject() {
        return Subjects.UNIX;
    }

    @Override
    protected ContractSubject mailboxes() {
        return Subjects.DATAGRAM;
    }
}
