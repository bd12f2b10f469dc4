/**
 * Will hold signal handlers, sending, real-time signals with a payload and the {@code signal:} channel; nothing is
 * here yet.
 */
package org.jvmipc.signals;
