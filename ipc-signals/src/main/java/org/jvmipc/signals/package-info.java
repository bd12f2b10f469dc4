/**
 * Signals as a program for the JVM needs them: {@link org.jvmipc.signals.Signals} handles and sends them, {@link
 * org.jvmipc.signals.SignalTarget} stands for one process to send to, also if its number is used again.
 *
 * <p><b>Standard signals</b> (HUP, TERM, USR1 ...) say that something has happened, not how often: while one is
 * pending, others of its kind are one with it, and a handler here runs at least once after the last of them.
 * <b>Real-time signals</b> (RTMIN+n) are kept in a queue, none is lost, those of one number come in their order, and
 * each carries an integer if its sender gave one. The JVM cannot handle them; they are read from the kernel in a
 * process that was started with them blocked.
 */
package org.jvmipc.signals;
