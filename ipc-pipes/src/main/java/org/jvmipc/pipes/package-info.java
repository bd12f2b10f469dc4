/**
 * Unix-domain sockets, FIFOs and anonymous pipes as channels. Opened through {@link org.jvmipc.Ipc}; the types here are
 * only for what native sockets can beyond other channels.
 *
 * <p><b>{@code unix:/path}</b> and <b>{@code unix:@name}</b> (Linux's abstract names): a receiver or listener binds the
 * name, senders and those who connect come to it, in either order. A receiver takes one sender at a time; the others
 * wait in the kernel's queue, and with {@code peerDeath=wait} are served in their turn. The socket's file has the mode
 * 0600 whatever the umask; a dead one is taken over, a live one, another user's, and what is no socket are refused; it
 * goes when the socket is closed, unless {@code keep=true}.
 * <ul>
 * <li>{@code type=stream} (default), {@code seqpacket} or {@code dgram}: the same on both sides. A seqpacket carries
 *     messages up to some 200 KiB; {@code dgram} has no connections, no peers and no end, any number of senders, and
 *     tells each message's sender.
 * <li>{@code allow=1000,1001}: a receiver or listener lets in these users only, by what the kernel says of them, and
 *     logs once when it turns somebody away; its file has the mode 0666 if others than its own user are among them.
 *     Without it, abstract names let in this process's user, and paths whom the mode lets in. A sender, or who
 *     connects, also accepts a socket of these users besides its own.
 * <li>{@code descriptors=true}: descriptors may go along, see {@link org.jvmipc.pipes.UnixSockets}.
 * </ul>
 * {@code unix:/path} with {@code type=stream} and neither of the other two options is plain Java: it loads no native
 * code.
 *
 * <p><b>{@code fifo:/path}</b>: a FIFO from any number of senders to a receiver, made with the mode 0600 or used if it
 * belongs to this user and nobody else may write to it. The last of this toolkit's processes that has it open removes
 * it, unless {@code keep=true} or {@code open=attach}, as is right for one that {@code mkfifo} made for good. Before
 * the first sender a receiver waits; after the last one it ends, or waits for the next with {@code peerDeath=wait}.
 * Listening and connecting take a pair of FIFOs for each connection.
 * <ul>
 * <li>{@code writers=many} (default): messages have at most 4092 bytes, so that those of several senders do not mix.
 *     {@code writers=1}: any size; a second sender is refused.
 * <li>{@code capacity=64k}: bytes that the pipe holds; the kernel lets users have up to 1 MiB.
 * </ul>
 *
 * <p><b>{@code pipe:}</b>: an anonymous pipe to a child, or any other process of the same user. The parent opens
 * {@code pipe:} and hands the {@code address()} of what it gets ({@link org.jvmipc.Ipc#addressOf} for bytes) to the
 * child, as an argument say; the child opens that as the counterpart: a receiver for a sender, a sender for a receiver,
 * {@code connect} for {@code connect}. Each address is good for one peer. Standard input and output stay what they are.
 * <ul>
 * <li>{@code capacity=64k}: as above.
 * </ul>
 */
package org.jvmipc.pipes;
