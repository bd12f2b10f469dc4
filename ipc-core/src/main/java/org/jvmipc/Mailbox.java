package org.jvmipc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jvmipc.internal.Letters;
import org.jvmipc.internal.Range;
import org.jvmipc.spi.Waiter;

/**
 * The address of a process, or of a part of it: others send to it by its name, and it sends to others by theirs. A
 * message carries the names of both, so that the receiver can reply.
 *
 * <pre>{@code
 * try (Mailbox me = Mailbox.open("worker-3")) {
 *     me.send("boss", "ready");
 *     Letter task = me.receive();
 *     me.send(task.source(), "done");
 * }
 * }</pre>
 *
 * <p>Letters from one mailbox to another arrive in order and once. What is sent to a mailbox that nobody has opened yet
 * waits there, up to the capacity of its channel, as long as its senders live. When the owner of a mailbox has gone,
 * what it has not received waits for the next owner.
 *
 * <p>Behind each mailbox is a channel with several senders and one receiver. By default it is
 * {@value #DEFAULT_ADDRESS}, with the name of the mailbox in place of the asterisk, so that 64 others may write to it
 * at a time; all who write to each other must use the same form. Others that fit are {@code mem:*},
 * {@code unix:/dir/*?type=dgram} and {@code posixmq:*}.
 *
 * <p><b>Threads.</b> Any thread may call any method.
 */
public final class Mailbox implements AutoCloseable {
    /** The channels of mailboxes that are opened by name alone. */
    public static final String DEFAULT_ADDRESS =
            "shm:mail-*?ring=mpsc&producers=64&capacity=32k&fragment=true&peerDeath=wait";

    private final String name;
    private final Address form;
    private final Receiver receiver;
    private final Map<String, Outgoing> outgoing = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** The way to another mailbox, which one thread at a time goes. */
    private record Outgoing(Sender sender, ReentrantLock lock) {
    }

    private Mailbox(String name, Address form) {
        if (form.name().indexOf('*') < 0 || form.name().indexOf('*') != form.name().lastIndexOf('*')) {
            throw new IllegalArgumentException(form + " must have one * in its name, where the names of mailboxes go");
        }
        this.name = Letters.name(name);
        this.form = form;
        this.receiver = Ipc.receiver(address(name));
    }

    /**
     * Opens a mailbox at {@value #DEFAULT_ADDRESS}.
     *
     * @param name its name: 1 to 60 letters, digits and {@code . _ -}, the first one no dot
     * @return the mailbox
     * @throws IllegalArgumentException if it is no name, or {@code ipc-shm} is not there
     * @throws IpcException if its channel cannot be opened, for one because another process has it open
     */
    public static Mailbox open(String name) {
        return open(name, Address.parse(DEFAULT_ADDRESS));
    }

    /**
     * Opens a mailbox.
     *
     * @param name its name: 1 to 60 letters, digits and {@code . _ -}, the first one no dot
     * @param form the addresses of all mailboxes, with an asterisk where their names go
     * @return the mailbox
     * @throws IllegalArgumentException if it is no name, or the form has no asterisk
     * @throws IpcException if its channel cannot be opened
     */
    public static Mailbox open(String name, Address form) {
        return new Mailbox(name, form);
    }

    /**
     * The name of this mailbox.
     *
     * @return to which others send
     */
    public String name() {
        return name;
    }

    private Address address(String to) {
        return form.withName(form.name().replace("*", to));
    }

    private Outgoing outgoing(String to) {
        checkOpen();
        Outgoing way = outgoing.computeIfAbsent(Letters.name(to),
                key -> new Outgoing(Ipc.sender(address(key)), new ReentrantLock()));
        if (closed) {
            way.sender.close();
            checkOpen();
        }
        return way;
    }

    private void checkOpen() {
        if (closed) {
            throw new ChannelClosedException("the mailbox " + name + " was closed");
        }
    }

    /**
     * Sends a message, waiting for room as long as it takes.
     *
     * @param to the name of the mailbox
     * @param message the message from position to limit, which is consumed
     * @throws InterruptedException if the thread is interrupted before the message was sent
     * @throws ChannelClosedException if this mailbox is or gets closed
     * @throws MessageTooLargeException if it can never fit
     */
    public void send(String to, ByteBuffer message) throws InterruptedException {
        send(to, message, Long.MAX_VALUE);
    }

    /**
     * Sends a message, waiting for room for a limited time.
     *
     * @param to the name of the mailbox
     * @param message the message from position to limit, which is consumed if it is sent
     * @param timeout how long to wait; zero or less does not wait
     * @throws IpcTimeoutException if there was no room by then; nothing was sent
     * @throws InterruptedException as {@link #send(String, ByteBuffer)}
     */
    public void send(String to, ByteBuffer message, Duration timeout) throws InterruptedException {
        send(to, message, Waiter.deadline(timeout));
    }

    /**
     * Sends a text in UTF-8, waiting for room as long as it takes.
     *
     * @param to the name of the mailbox
     * @param text the text
     * @throws InterruptedException as {@link #send(String, ByteBuffer)}
     */
    public void send(String to, String text) throws InterruptedException {
        send(to, StandardCharsets.UTF_8.encode(text));
    }

    /**
     * Sends a value, waiting for room as long as it takes; {@link Letter#value} decodes it.
     *
     * @param <T> what is sent
     * @param to the name of the mailbox
     * @param value the value
     * @param codec how values become messages
     * @throws InterruptedException as {@link #send(String, ByteBuffer)}
     * @throws IllegalArgumentException if the codec cannot encode the value
     */
    public <T> void send(String to, T value, Codec<T> codec) throws InterruptedException {
        send(to, codec.message(value, ByteBuffer.allocate(0)));
    }

    private void send(String to, ByteBuffer message, long deadline) throws InterruptedException {
        ByteBuffer letter = Letters.write(name, to, message);
        Outgoing way = outgoing(to);
        try {
            send(way, letter, deadline);
        } catch (PeerGoneException | ChannelClosedException gone) {
            // Nothing was sent. Over channels that do not wait for the next owner, another way leads to it, which
            // another thread may have found already.
            outgoing.remove(to, way);
            way.sender.close();
            send(outgoing(to), letter, deadline);
        }
        message.position(message.limit());
    }

    private static void send(Outgoing way, ByteBuffer letter, long deadline) throws InterruptedException {
        if (deadline == Long.MAX_VALUE) {
            way.lock.lockInterruptibly();
        } else if (!way.lock.tryLock(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
            throw new IpcTimeoutException(way.sender.address() + ": other threads of this mailbox were sending until "
                    + "the deadline; nothing was sent");
        }
        try {
            if (deadline == Long.MAX_VALUE) {
                way.sender.send(letter);
            } else {
                way.sender.send(letter, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            }
        } finally {
            way.lock.unlock();
        }
    }

    /**
     * Receives a letter, waiting as long as it takes.
     *
     * @return the letter
     * @throws InterruptedException if the thread is interrupted; no letter is lost
     * @throws MalformedMessageException if something came that is no letter; the next call gets the next one
     * @throws ChannelClosedException if this mailbox is or gets closed
     */
    public Letter receive() throws InterruptedException {
        return Letters.read(receiver.receive().message());
    }

    /**
     * Receives a letter, waiting for a limited time.
     *
     * @param timeout how long to wait; zero or less does not wait
     * @return the letter, or null if none came
     * @throws InterruptedException as {@link #receive()}, whose other exceptions it throws, too
     */
    public Letter receive(Duration timeout) throws InterruptedException {
        Received received = receiver.receive(timeout);
        return received.isMessage() ? Letters.read(received.message()) : null;
    }

    /**
     * The letters as they come, for a loop, until this mailbox is closed by any thread.
     *
     * @return the letters, each in one loop; interrupts are told as in {@link TypedReceiver#range}
     */
    public Iterable<Letter> range() {
        return () -> new Range<>(this::receive);
    }

    /**
     * Hands each letter to a handler, one after the other, until closed.
     *
     * @param handler gets each letter; if it throws, or something came that is no letter, this ends
     * @param executor runs the handler; one task at a time
     * @return ends it when closed, and tells when it ends otherwise
     */
    public HandlerRegistration onLetter(Consumer<? super Letter> handler, Executor executor) {
        Objects.requireNonNull(handler, "handler");
        return receiver.onMessage(message -> handler.accept(
                Letters.read(new Message(message, PeerInfo.UNKNOWN))), executor);
    }

    /**
     * The letters as values, for a {@link Select}, a publisher, and all else that a {@link TypedReceiver} can do. Who
     * has sent one is told by {@link ReceivedValue#sender}, and not by {@link Letter#process}.
     *
     * @return the mailbox's own receiver in another form: what is received there is not received here, and closing it
     *     ends receiving
     */
    public TypedReceiver<Letter> letters() {
        return TypedReceiver.over(receiver, Letters.CODEC);
    }

    /** Closes the mailbox and its ways to others. Idempotent. */
    @Override
    public void close() {
        closed = true;
        receiver.close();
        outgoing.values().forEach(way -> way.sender.close());
    }

    @Override
    public String toString() {
        return "mailbox " + name + " at " + receiver.address();
    }
}
