/**
 * Channels between processes of one host. Start at {@link org.jvmipc.Ipc}; {@link org.jvmipc.Sender} and
 * {@link org.jvmipc.Receiver} are the contract that holds for every scheme.
 */
package org.jvmipc;
