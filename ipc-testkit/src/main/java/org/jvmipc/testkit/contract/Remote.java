package org.jvmipc.testkit.contract;

import java.time.Duration;
import org.jvmipc.testkit.ChildJvm;

/** A {@link ContractPeer} in a JVM of its own, and the lines to and from it. */
final class Remote implements AutoCloseable {
    /** Longer than the other side waits for anything, so that its own words about a failure come first. */
    private static final Duration ANSWER = Bench.PATIENCE.plusSeconds(5);

    private final ChildJvm child;
    private int commands;

    private Remote(ChildJvm child) {
        this.child = child;
    }

    static Remote start(ContractSubject subject) {
        Remote remote = new Remote(ChildJvm.of(ContractPeer.class).inheritOpens().blockSignals(subject.blocked())
                .start());
        remote.answer(0);
        return remote;
    }

    /** Has a command performed and returns what it answered. */
    String ask(Object... words) {
        return answer(tell(words));
    }

    /** Sends a command; returns its number, for {@link #answer}. */
    int tell(Object... words) {
        StringBuilder line = new StringBuilder().append(++commands);
        for (Object word : words) {
            line.append(' ').append(word);
        }
        child.send(line.toString());
        return commands;
    }

    String answer(int command) {
        String outcome = outcome(command);
        if (!outcome.startsWith("ok")) {
            throw new AssertionError("the other process " + outcome + "\n" + child.errors());
        }
        return outcome.substring(2).strip();
    }

    /** What a command failed with: the exception's type and message. */
    String failure(int command) {
        String outcome = outcome(command);
        if (!outcome.startsWith("failed ")) {
            throw new AssertionError("the command was to fail, but answered " + outcome);
        }
        return outcome.substring("failed ".length());
    }

    private String outcome(int command) {
        String prefix = ContractPeer.ANSWER + command + " ";
        return child.expect(prefix, ANSWER).substring(prefix.length());
    }

    /** Closes everything on the other side, whatever is under way. */
    void reset() {
        ask("reset");
    }

    long pid() {
        return child.pid();
    }

    boolean isAlive() {
        return child.isAlive();
    }

    /** Sends SIGKILL. Does not wait, so that a test sees what peers see. */
    void kill() {
        child.kill();
    }

    /** Waits until the killed process is gone with all that the kernel kept for it. */
    void awaitDeath() {
        child.awaitDeath(Bench.PATIENCE);
    }

    /** Ends the process without closing anything. */
    void exit() {
        tell("exit");
    }

    void stop() {
        child.stop();
    }

    void cont() {
        child.cont();
    }

    @Override
    public void close() {
        child.close();
    }
}
