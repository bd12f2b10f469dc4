package org.jvmipc.testkit;

/**
 * One thing that was left behind.
 *
 * @param kind what it is
 * @param what which one: a path, a command line, a thread's name and stack
 */
public record DebrisItem(DebrisKind kind, String what) {

    @Override
    public String toString() {
        return kind + ": " + what;
    }
}
