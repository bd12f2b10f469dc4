package org.jvmipc.signals;

/**
 * What came with a signal that was received through the channel.
 *
 * @param signal which one
 * @param payload what was given to {@code sigqueue}; 0 if it was not queued
 * @param pid the sender, 0 if it lives in another PID namespace or is the kernel
 * @param uid the sender's real user
 * @param queued whether it was sent by {@code sigqueue} or this toolkit; false for {@code kill}, which gives no payload
 *     and, if the queue is full, delivers without waiting and without telling who sent it. Of a queued signal, {@code
 *     pid} and {@code uid} are what the sender says, which the kernel does not check: nothing to rely on for access
 */
public record SignalInfo(Signal signal, int payload, long pid, int uid, boolean queued) {
}
