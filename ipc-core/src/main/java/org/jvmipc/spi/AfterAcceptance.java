package org.jvmipc.spi;

/**
 * Marks the exception of a port that has accepted the message all the same: it counts as sent, and those that are to be
 * sent after it have nothing to do with what went wrong.
 */
public interface AfterAcceptance {
}
