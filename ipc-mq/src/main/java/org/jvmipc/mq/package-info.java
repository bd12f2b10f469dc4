/**
 * Will hold the message-queue transports: persistent Chronicle queues ({@code queue:}), POSIX queues
 * ({@code posixmq:}) and System V queues ({@code sysvmq:}); nothing is here yet.
 */
package org.jvmipc.mq;
