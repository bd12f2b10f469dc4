package org.jvmipc.testkit.contract;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/**
 * What is built on channels, over one kind of them, with both sides in one JVM: requests and replies, typed channels,
 * publishing, mailboxes. A
 * scheme's test inherits it and says over what:
 *
 * <pre>{@code
 * class MemPatternContractTest extends PatternContract {
 *     @Override
 *     protected ContractSubject subject() {
 *         return MemContractTest.BOUNDED;
 *     }
 * }
 * }</pre>
 */
@IpcDir
@Timeout(60)
public abstract class PatternContract implements RequestReplyCases, TypedCases, TopicCases,
        MailboxCases {
    private PatternBench bench;

    /** For subclasses. */
    protected PatternContract() {
    }

    /**
     * What is tested: a scheme that has connections, and channels in one direction.
     *
     * @return the scheme with its options
     */
    protected abstract ContractSubject subject();

    /**
     * Over what mailboxes go: a form of the scheme that has several senders.
     *
     * @return {@link #subject}, unless it has one sender at a time
     */
    protected ContractSubject mailboxes() {
        return subject();
    }

    @BeforeEach
    final void setUp(IpcScope scope) {
        bench = new PatternBench(subject(), mailboxes(), scope);
    }

    @Override
    public final PatternBench patterns() {
        return bench;
    }
}
