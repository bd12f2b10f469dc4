/**
 * Testing between processes with JUnit 5.
 *
 * <ul>
 * <li>{@link org.jvmipc.testkit.ChildJvm} runs a {@link org.jvmipc.testkit.Peer} or any main class in a JVM of its
 * own, talks to it line by line, and kills, stops and continues it.
 * <li>{@link org.jvmipc.testkit.IpcDir} gives a test a private directory and private names, and fails it when it
 * leaves anything behind; {@link org.jvmipc.testkit.Debris} is the same check without JUnit.
 * <li>{@link org.jvmipc.testkit.Await} waits for a condition, or until a thread is really blocked.
 * <li>{@link org.jvmipc.testkit.CpuTime} tells whether a waiting process sleeps or spins.
 * <li>{@link org.jvmipc.testkit.history.History} checks what became of messages whose processes were killed.
 * </ul>
 *
 * <p>Processes are watched through {@code /proc}: the package needs Linux, and no native code.
 */
package org.jvmipc.testkit;
