/**
 * Checks what became of messages between processes that were killed and stopped: each process writes a
 * {@link org.jvmipc.testkit.history.HistoryLog} of what it sends and receives, which survives its death; a
 * {@link org.jvmipc.testkit.history.History} is read from all of them and tells every
 * {@link org.jvmipc.testkit.history.Violation} of what the channel promises. Messages are those of
 * {@link org.jvmipc.testkit.history.Stamp}.
 */
package org.jvmipc.testkit.history;
