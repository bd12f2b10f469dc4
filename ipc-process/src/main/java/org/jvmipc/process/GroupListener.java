package org.jvmipc.process;

/** Is told what happens in a group. */
@FunctionalInterface
public interface GroupListener {
    /**
     * Called for each event, in order, on the group's own thread: while it does not return, nothing is started again.
     * It must not wait for the group; it may end the JVM, which ends the group's processes. What it throws goes to the
     * thread's handler of uncaught exceptions, and changes nothing.
     *
     * @param event what happened
     */
    void onEvent(GroupEvent event);
}
