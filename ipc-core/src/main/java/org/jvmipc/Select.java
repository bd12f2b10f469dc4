package org.jvmipc;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jvmipc.internal.SelectEntry;
import org.jvmipc.internal.SelectSources;
import org.jvmipc.internal.Selection;
import org.jvmipc.spi.Waiter;

/**
 * Waits for several unlike things at a time: messages of any receivers, room in any senders, peers that connect,
 * moments, ends of processes, results of computations. Each is a {@link SelectCase} with a key of the user's choice: an
 * enum for a {@code switch}, the object it is about for an event loop.
 *
 * <pre>{@code
 * enum Event { ORDER, NEWS, WORKER_ENDED, NOTHING }
 *
 * try (Select<Event> select = Select.fair()) {
 *     SelectCase<Received> orders = select.receive(Event.ORDER, orderReceiver);
 *     SelectCase<Received> news = select.receive(Event.NEWS, newsReceiver);
 *     select.onExit(Event.WORKER_ENDED, worker.toHandle());
 *     switch (select.await(Duration.ofSeconds(1), Event.NOTHING)) {
 *         case ORDER -> fill(orders.value());
 *         case NEWS -> print(news.value());
 *         case WORKER_ENDED -> restart();
 *         case NOTHING -> report();
 *     }
 * }
 * }</pre>
 *
 * <p>Or as an event loop, by handlers and {@link #run}: {@code select.receive(peer, receiver).then(this::answer)}.
 *
 * <p><b>What is chosen.</b> Only the case that is chosen is taken: one message received, one message sent. Nothing is
 * taken from the others, so no message is lost because another case was faster. If several are ready, a {@link #fair}
 * select chooses them in turn, so that a busy channel starves no other, and one {@link #inOrder} chooses the one that
 * was registered first.
 *
 * <p><b>The end and failures.</b> A channel's end, as {@link Received#END}, and what its own methods would throw are
 * outcomes as others are: the case is chosen, once, and {@link SelectCase#value} or the handlers tell it. The case is
 * over then, unless the channel goes on (after a {@link BrokenFrameException} with {@code peerDeath=wait}, or a
 * {@link MalformedMessageException}).
 *
 * <p><b>Threads.</b> One thread at a time waits; a second one gets an {@link IllegalStateException}. Waiting counts as
 * a receiving call on each receiver and a sending call on each sender, so that a ring of one consumer must not be read
 * elsewhere at the same time. Any thread may register and close cases and close the select at any time, and a thread
 * that waits takes notice at once. {@link Thread#interrupt} ends the wait. Virtual threads hold no carrier.
 *
 * <p><b>What it costs.</b> The waiting thread looks at memory for some microseconds, then parks. Others sleep for it,
 * which are shared by the whole process and by all asynchronous operations: {@code ipc-futex} for shared memory (up to
 * 126 places at once in the kernel, and a doorbell for the rest) and {@code ipc-poll} for descriptors. Before the
 * first native descriptor is waited for, {@code unix:} streams by path, the JDK's sockets, have {@code ipc-select} in
 * place of {@code ipc-poll}. Where nothing tells of a change,
 * in queues of System V and {@code shm:} with {@code wait=spin}, the waiting thread itself looks again: after 1 ms
 * where the address asks for spinning, elsewhere after pauses that grow to 40 ms. Moments need no thread. Every
 * 200 ms it looks after the peers of up to four channels, in turn: with 64 of them, a peer that died without a trace
 * in the kernel, as on {@code shm:}, is noticed within 3.2 s.
 *
 * <p>No wake-up is lost: each case is announced to its transport before it is looked at for the last time, and whoever
 * changes something looks for announcements afterwards.
 *
 * @param <K> the keys
 */
public final class Select<K> implements AutoCloseable {
    private final Selection selection;

    private Select(boolean fair) {
        this.selection = new Selection(fair);
    }

    /**
     * Creates a select in which cases that are ready take turns.
     *
     * @param <K> the keys
     * @return a select without cases
     */
    public static <K> Select<K> fair() {
        return new Select<>(true);
    }

    /**
     * Creates a select in which, of those that are ready, the case comes first that was registered first.
     *
     * @param <K> the keys
     * @return a select without cases
     */
    public static <K> Select<K> inOrder() {
        return new Select<>(false);
    }

    private static <T> T key(T key) {
        return Objects.requireNonNull(key, "key");
    }

    /**
     * Waits for messages.
     *
     * @param key the case's key
     * @param receiver where they come from; one half of a {@link Duplex}, for instance
     * @return gives a message at a time, at last {@link Received#END}
     * @throws IllegalArgumentException if the receiver was not opened by {@link Ipc} or a {@link Listener}
     * @throws ChannelClosedException if the select is closed
     */
    public SelectCase<Received> receive(K key, Receiver receiver) {
        return SelectSources.receive(selection, key(key), receiver);
    }

    /**
     * Waits for values.
     *
     * @param <T> what is received
     * @param key the case's key
     * @param receiver where they come from
     * @return gives a value at a time, at last an outcome of kind {@link Received.Kind#END}
     * @throws IllegalArgumentException if the receiver below was not opened by {@link Ipc} or a {@link Listener}
     * @throws ChannelClosedException if the select is closed
     */
    public <T> SelectCase<ReceivedValue<T>> receive(K key, TypedReceiver<T> receiver) {
        return SelectSources.receive(selection, key(key), receiver);
    }

    /**
     * Waits for room for a message, and sends it when there is some: as {@link Sender#trySend} does, also at a
     * rendezvous, where {@link Sender#transfer} alone waits until it is taken.
     *
     * @param key the case's key
     * @param sender where it goes
     * @param message the message, which belongs to the select until the case is chosen or closed; it is sent if the
     *     case is chosen, and then consumed from position to limit
     * @return gives the message, once
     * @throws MessageTooLargeException if it can never fit
     * @throws IllegalArgumentException if the sender was not opened by {@link Ipc} or a {@link Listener}
     * @throws ChannelClosedException if the select is closed
     */
    public SelectCase<ByteBuffer> send(K key, Sender sender, ByteBuffer message) {
        return SelectSources.send(selection, key(key), sender, message);
    }

    /**
     * Waits for room for a value, and sends it when there is some.
     *
     * @param <T> what is sent
     * @param key the case's key
     * @param sender where it goes
     * @param value the value, encoded at each attempt, so not to be changed until the case is chosen or closed
     * @return gives the value, once
     * @throws IllegalArgumentException if the sender below was not opened by {@link Ipc} or a {@link Listener}
     * @throws ChannelClosedException if the select is closed
     */
    public <T> SelectCase<T> send(K key, TypedSender<T> sender, T value) {
        return SelectSources.send(selection, key(key), sender, value);
    }

    /**
     * Waits for peers that connect.
     *
     * @param key the case's key
     * @param listener to whom
     * @return gives one connection at a time
     * @throws IllegalArgumentException if the listener was not made by {@link Ipc}
     * @throws ChannelClosedException if the select is closed
     */
    public SelectCase<Duplex> accept(K key, Listener listener) {
        return SelectSources.accept(selection, key(key), listener);
    }

    /**
     * Waits for some time.
     *
     * @param key the case's key
     * @param delay from now; zero or less is ready at once
     * @return gives 1, once
     * @throws ChannelClosedException if the select is closed
     */
    public SelectCase<Long> after(K key, Duration delay) {
        return SelectSources.timer(selection, key(key), delay, Duration.ZERO);
    }

    /**
     * Waits for one moment after the other.
     *
     * @param key the case's key
     * @param period between two of them, and till the first
     * @return gives how many have passed since it was chosen last: more than 1 if nobody had time for them
     * @throws IllegalArgumentException if the period is not positive
     * @throws ChannelClosedException if the select is closed
     */
    public SelectCase<Long> every(K key, Duration period) {
        if (period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException("the period is " + period + "; more than zero is needed");
        }
        return SelectSources.timer(selection, key(key), period, period);
    }

    /**
     * Waits for a result. This is also the way to cancel a wait from elsewhere: complete a future that is one of the
     * cases.
     *
     * @param <T> what is computed
     * @param key the case's key
     * @param stage the computation; closing the case does not cancel it
     * @return gives the result, once; fails with what the computation failed with, in a
     *     {@link java.util.concurrent.CompletionException} if that is a checked exception
     * @throws ChannelClosedException if the select is closed
     */
    public <T> SelectCase<T> on(K key, CompletionStage<T> stage) {
        return SelectSources.future(selection, key(key), stage);
    }

    /**
     * Waits for the end of a process, as {@link ProcessHandle#onExit} does: for a process that is not a child, the JDK
     * keeps a thread that looks from time to time. Without a thread, and with how it ended:
     * {@code select.on(key, org.jvmipc.signals.Peers.onExit(pid))}.
     *
     * @param key the case's key
     * @param process not the current one
     * @return gives the process, once
     * @throws ChannelClosedException if the select is closed
     */
    public SelectCase<ProcessHandle> onExit(K key, ProcessHandle process) {
        return on(key, process.onExit());
    }

    /**
     * Waits until a case is ready, as long as it takes.
     *
     * @return the key of the case that was chosen
     * @throws InterruptedException if the thread is interrupted; nothing was taken
     * @throws ChannelClosedException if the select is or gets closed
     * @throws IllegalStateException if there is no case (any more), or another thread waits in this select
     */
    public K await() throws InterruptedException {
        return report(next(Long.MAX_VALUE), null);
    }

    /**
     * Waits until a case is ready, for a limited time.
     *
     * @param timeout how long; zero or less does not wait
     * @param otherwise what to return if none was ready in time
     * @return the key of the case that was chosen
     * @throws InterruptedException if the thread is interrupted; nothing was taken
     * @throws ChannelClosedException if the select is or gets closed
     * @throws IllegalStateException if there is no case (any more), or another thread waits in this select
     */
    public K await(Duration timeout, K otherwise) throws InterruptedException {
        return report(next(Waiter.deadline(timeout)), otherwise);
    }

    /**
     * Looks whether a case is ready.
     *
     * @param otherwise what to return if none is: the default
     * @return the key of the case that was chosen
     * @throws InterruptedException if the thread is interrupted; nothing was taken
     * @throws ChannelClosedException if the select is closed
     * @throws IllegalStateException if there is no case, or another thread waits in this select
     */
    public K poll(K otherwise) throws InterruptedException {
        return await(Duration.ZERO, otherwise);
    }

    /**
     * Waits until a case is ready, and takes all that are then, once each.
     *
     * @param timeout how long to wait for the first; zero or less does not wait
     * @return the keys of the cases that were chosen, in that order; empty if none was ready in time
     * @throws InterruptedException if the thread is interrupted before the first; nothing was taken
     * @throws ChannelClosedException if the select is or gets closed before the first
     * @throws IllegalStateException if there is no case (any more), or another thread waits in this select
     */
    public List<K> awaitReady(Duration timeout) throws InterruptedException {
        return awaitEach(Waiter.deadline(timeout), false);
    }

    /**
     * Waits until all cases have been ready, and takes each as it gets ready, once. Those that were taken stay taken
     * if the time passes before the others are ready; the others are left alone.
     *
     * @param timeout how long in all; zero or less does not wait
     * @return the keys of the cases that were chosen, in that order: fewer than there are cases if the time has passed
     * @throws InterruptedException if the thread is interrupted before all were ready; values that were taken can be
     *     asked for
     * @throws ChannelClosedException if the select is or gets closed before the first; closed later, the call returns
     * @throws IllegalStateException if there is no case (any more), or another thread waits in this select
     */
    public List<K> awaitAll(Duration timeout) throws InterruptedException {
        return awaitEach(Waiter.deadline(timeout), true);
    }

    private List<K> awaitEach(long deadline, boolean all) throws InterruptedException {
        List<K> keys = new ArrayList<>();
        try {
            SelectEntry<?> chosen = next(deadline);
            while (chosen != null) {
                selection.exclude(chosen);
                keys.add(report(chosen, null));
                chosen = all ? selection.await(deadline) : selection.ready();
            }
            return keys;
        } finally {
            selection.includeAll();
        }
    }

    /**
     * Waits, and has handlers called, until the select is closed or no case is left: an event loop. A handler, or
     * another thread, ends it by {@link #close}.
     *
     * @throws InterruptedException if the thread is interrupted; nothing was taken that was not handled
     * @throws RuntimeException what a handler threw; what a case failed with if it has a handler, but none for
     *     failures. The select stays usable, and this method may be called again
     * @throws IllegalStateException if another thread waits in this select
     */
    public void run() throws InterruptedException {
        for (SelectEntry<?> chosen = selection.await(Long.MAX_VALUE); chosen != null;
                chosen = selection.await(Long.MAX_VALUE)) {
            chosen.report();
        }
    }

    /** The next case; null if the deadline has passed or all have been chosen. */
    private SelectEntry<?> next(long deadline) throws InterruptedException {
        selection.checkOpen();
        checkNotEmpty();
        SelectEntry<?> chosen = selection.await(deadline);
        if (chosen == null) {
            selection.checkOpen();
            checkNotEmpty();
        }
        return chosen;
    }

    private void checkNotEmpty() {
        if (isEmpty()) {
            throw new IllegalStateException("there is no case to wait for: register one, or end the loop when the last "
                    + "one is over (isEmpty)");
        }
    }

    @SuppressWarnings("unchecked") // keys are registered as K only
    private K report(SelectEntry<?> chosen, K otherwise) {
        if (chosen == null) {
            return otherwise;
        }
        chosen.report();
        return (K) chosen.key();
    }

    /**
     * Whether there is nothing to wait for.
     *
     * @return true if there is no case, or all are over
     */
    public boolean isEmpty() {
        return selection.size() == 0;
    }

    /**
     * Whether it was closed.
     *
     * @return true if not
     */
    public boolean isOpen() {
        return !selection.isClosed();
    }

    /** Closes all cases and wakes the thread that waits. Leaves the channels alone. Idempotent. */
    @Override
    public void close() {
        selection.close();
    }
}
