/** Consumers that compete for the messages of a log, and the memory in which they agree. No API. */
package org.jvmipc.mq.internal.group;
