package org.jvmipc;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The end of a channel that messages go into.
 *
 * <p><b>Threads.</b> Any thread may close an endpoint and ask for its status. Whether several threads may send at the
 * same time depends on the scheme: they may, unless its address names a single producer ({@code ring=spsc}); then
 * sending calls must not overlap, and handing the sender to another thread needs a happens-before edge, such as a
 * thread start or a lock. The asynchronous forms count as sending calls until they return. What a thread did before
 * sending a message happens-before what a receiver does after receiving it.
 *
 * <p><b>Buffers.</b> A call consumes the message from position to limit if it succeeds, and leaves the position alone
 * otherwise. The buffer is the caller's again when the call returns, for asynchronous calls too.
 *
 * <p>All forms throw {@link MessageTooLargeException} at once for a message that can never fit. With
 * {@code peerDeath=fail}, the default, sending fails with {@link PeerDiedException} or {@link PeerGoneException} once
 * the peers have gone; with {@code peerDeath=wait} it waits for a replacement.
 */
public interface Sender extends Endpoint {
    /**
     * Sends a message, waiting for room as long as it takes. With {@code overflow=fail} it does not wait but throws;
     * with {@code overflow=dropNewest} it does not wait but drops this message and counts it.
     *
     * @param message the message
     * @throws InterruptedException if the thread is interrupted before the channel has accepted the message, which is
     *     then not sent
     * @throws ChannelClosedException if the endpoint is or gets closed
     * @throws ChannelFullException if there is no room and {@code overflow=fail}
     */
    void send(ByteBuffer message) throws InterruptedException;

    /**
     * Sends a message, waiting for room for a limited time.
     *
     * @param message the message
     * @param timeout how long to wait; zero or less does not wait
     * @throws IpcTimeoutException if there was no room by then; nothing was sent
     * @throws InterruptedException as {@link #send(ByteBuffer)}
     */
    void send(ByteBuffer message, Duration timeout) throws InterruptedException;

    /**
     * Sends a message if that takes no wait.
     *
     * @param message the message
     * @return what became of it
     */
    SendResult trySend(ByteBuffer message);

    /**
     * Sends several messages if that takes no wait, in order, as many as there is room for. On
     * {@code shm:} with {@code ring=spsc} (without {@code fragment=true}) they are published together, which costs much
     * less a message than {@link #trySend} does: a receiver that looks meanwhile sees none of them or all that were
     * sent. Elsewhere they are published one by one.
     *
     * @param messages holds the messages, each from position to limit; those sent are consumed
     * @param offset the first of them
     * @param length how many they are
     * @return how many were sent: less than {@code length} if there is no room for more at the moment, or the ring ends
     *     there, or nobody receives yet where the transport cannot hold a message; -1 if none was sent and none will
     *     be, as the sender is closed or the peers have gone
     * @throws IndexOutOfBoundsException if the array has no such part
     * @throws MessageTooLargeException if one of them can never fit; none was sent
     */
    int trySend(ByteBuffer[] messages, int offset, int length);

    /**
     * Sends messages of one size that lie one behind the other in a buffer, if that takes no wait, in order, as many as
     * there is room for. On {@code shm:} with {@code ring=spsc} or {@code mpsc} (without {@code fragment=true}) they
     * are published together: the fastest way there is for small messages, as what is done once for each message
     * otherwise is done once for all of them. Elsewhere they are published one by one.
     *
     * @param messages holds the messages from position to limit; those sent are consumed
     * @param size of each message in bytes, at least 1
     * @return how many were sent, as in {@link #trySend(ByteBuffer[], int, int)}
     * @throws IllegalArgumentException if the buffer does not hold a whole number of messages, or {@code size} is less
     *     than 1
     * @throws MessageTooLargeException if a message can never fit; none was sent
     */
    int trySend(ByteBuffer messages, int size);

    /**
     * Sends a copy of the message later, in the order of the calls.
     *
     * @param message the message, which is copied before this call returns
     * @return completes when the channel has accepted the message, exceptionally when it cannot; with a
     *     {@link ChannelFullException} if too many are in flight. Cancelling takes the message back if the channel has
     *     not accepted it. Dependent stages run on a thread shared by all channels and must not block, unless they are
     *     of the {@code …Async} kind
     */
    CompletableFuture<Void> sendAsync(ByteBuffer message);

    /**
     * Sends a message and waits until a receiver has taken it: its {@code receive} or handler has returned.
     *
     * @param message the message
     * @throws InterruptedException if the thread is interrupted; the message may still be delivered, unless the
     *     position of the buffer is unchanged
     * @throws PeerGoneException if the receiver has gone; the message says whether it had been sent
     * @throws UnsupportedOperationException if the channel has no way back for an acknowledgement; the message names
     *     schemes that have
     */
    void transfer(ByteBuffer message) throws InterruptedException;

    /**
     * Sends a message and waits for a limited time until a receiver has taken it.
     *
     * @param message the message, consumed unless the result is {@link TransferResult#NOT_SENT}
     * @param timeout how long to wait in all
     * @return what became of it
     * @throws InterruptedException as {@link #transfer(ByteBuffer)}
     */
    TransferResult transfer(ByteBuffer message, Duration timeout) throws InterruptedException;

    /**
     * Sends a copy of the message later, in order with {@link #sendAsync}.
     *
     * @param message the message, which is copied before this call returns
     * @return completes when a receiver has taken the message. After cancelling, the message may still be delivered
     * @throws UnsupportedOperationException as {@link #transfer(ByteBuffer)}
     */
    CompletableFuture<Void> transferAsync(ByteBuffer message);

    /**
     * Takes room for a message, to be filled in place: without a copy on a ring, in a pooled buffer elsewhere.
     *
     * @param length the message's length in bytes
     * @return the claim, or null if there is no room at the moment. On a pooled buffer, room is looked for when the
     *     claim is committed
     * @throws IllegalStateException if the claim before has not ended
     * @throws PeerGoneException if there is no room, and with {@code peerDeath=fail} nobody left who would make some
     * @throws ChannelClosedException if the endpoint is closed
     */
    Claim tryClaim(int length);

    /**
     * The largest message that this channel carries.
     *
     * @return bytes
     */
    int maxMessage();
}
