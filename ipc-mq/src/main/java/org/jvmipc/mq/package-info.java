/**
 * Message queues as channels: on disk, and those of the kernel, for talking with programs in any language. Opened
 * through {@link org.jvmipc.Ipc}; the types here are for what such queues can beyond other channels: {@link
 * org.jvmipc.mq.PersistentQueues}, {@link org.jvmipc.mq.PosixQueues} and {@link org.jvmipc.mq.SysvQueues}.
 *
 * <p><b>{@code queue:/dir}</b>, a directory of its own in which all messages stay: any number of processes send, each
 * receiver gets everything, in the order of sending, and one with a name goes on where it was. Files are those of
 * Chronicle Queue, for which the JVM needs flags; who opens a queue without them is told which. {@code docs/queues.md}
 * has the options and what survives.
 *
 * <p><b>Queues of the kernel.</b> Any number of processes send to a queue, any number receive from it, each message
 * goes to one of them. What was sent stays until it is received, whether or not anybody is there. The kernel keeps no
 * list of those who use a queue: there are no peers, no end, and no news of deaths. The last of this toolkit's
 * processes that has a queue open removes it, with what is in it, unless {@code keep=true} or {@code open=attach}; give
 * one of these for a queue that other programs look after. Queues are made with the mode 0600 whatever the umask; those
 * of other users, and those that others may write to, are refused. {@code docs/queues.md} says more.
 *
 * <p><b>{@code posixmq:name}</b>, the queue that C knows as {@code mq_open("/name", ...)}: the oldest message of the
 * highest priority comes first. A blocked thread sleeps in the kernel. A name has 1 to 255 bytes without a slash, but
 * for one in front that may be left out.
 * <ul>
 * <li>{@code maxMessages=10}: how many messages the queue holds, {@code messageSize=8k}: how long each may be. By
 *     default what the kernel gives; at most what {@code /proc/sys/fs/mqueue} allows. One that exists must have the
 *     numbers that are given.
 * <li>{@code priority=0}: of the messages that this end sends, up to 32767;
 *     {@link org.jvmipc.mq.PosixQueues#setPriority} changes it.
 * </ul>
 *
 * <p><b>{@code sysvmq:key}</b>, the queue that C knows as {@code msgget(key, ...)} and {@code ipcs -q} shows: messages
 * have types, and receivers may choose by them. The kernel has no way to wait for it together with a time or a
 * descriptor: a blocked thread looks again and again, after pauses that grow from 50 µs to 5 ms. The key is a number,
 * such as {@code 4711} or {@code 0x1267}, or made of a file and a number as {@code ftok} does:
 * {@code sysvmq:/path?id=1}. Processes that share a queue must have the same {@code IPC_HOME}, where they are counted.
 * <ul>
 * <li>{@code type=1}: at a sender, the type of its messages; {@link org.jvmipc.mq.SysvQueues#setType} changes it. At a
 *     receiver, the type of the messages that it wants; without it, it takes all in their order.
 * <li>{@code typeAtMost=9}: at a receiver, the oldest message of the lowest type up to this one.
 * <li>{@code capacity=16k}: how many bytes the queue holds, up to {@code /proc/sys/kernel/msgmnb}.
 * </ul>
 */
package org.jvmipc.mq;
