package org.jvmipc.process;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.TypedReceiver;
import org.jvmipc.TypedSender;
import org.jvmipc.WaitStrategy;
import org.jvmipc.process.internal.Board;
import org.jvmipc.process.internal.Handover;
import org.jvmipc.process.internal.StageIn;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.Port;
import org.jvmipc.spi.Ports;
import org.jvmipc.spi.Waiter;

/**
 * What a process of a {@link ProcessGroup} knows of its group: its name, and its ends of channels. Each end is called
 * by the name of the process on the other side, unless the join gave it one.
 *
 * <p><b>Once more, or not at all.</b> A process that is killed has had a message in hand. With {@link #forEach} that
 * message comes again to whoever goes on: each message is handled at least once, and after a death one may be handled
 * twice. (So one message may also be sent twice by a stage between two channels; who needs to tell numbers its
 * messages.) With {@link Receiver#receive} a message is taken before it is handled: each is handled at most once, and
 * with a death one may be lost. What was sent, and not yet taken, is neither lost nor doubled.
 *
 * <p>Safe for use by several threads; the ends follow the rules of {@link Receiver} and {@link Sender}, and are for one
 * thread at a time each.
 */
public final class ProcessContext {
    private static final ProcessContext CURRENT = new ProcessContext(System.getProperties());

    private final String name;
    private final int start;
    private final String boardName;
    private final Map<String, String> ins = new TreeMap<>();
    private final Map<String, String> outs = new TreeMap<>();
    private Board board;

    /** Reads what the group has handed over. */
    ProcessContext(Properties properties) {
        name = properties.getProperty(Handover.NAME);
        start = Integer.parseInt(properties.getProperty(Handover.START, "0"));
        boardName = properties.getProperty(Handover.BOARD);
        for (String key : properties.stringPropertyNames()) {
            if (key.startsWith(Handover.IN)) {
                ins.put(key.substring(Handover.IN.length()), properties.getProperty(key));
            } else if (key.startsWith(Handover.OUT)) {
                outs.put(key.substring(Handover.OUT.length()), properties.getProperty(key));
            }
        }
    }

    /** Carries an interrupt through a handler that must not throw it. */
    private static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Interrupted(InterruptedException cause) {
            super(cause.getMessage(), cause, false, false);
        }
    }

    /**
     * The context of this process.
     *
     * @return always the same
     * @throws IllegalStateException if this process was not started by a group
     */
    public static ProcessContext current() {
        if (CURRENT.name == null) {
            throw new IllegalStateException("this JVM was not started by a ProcessGroup, so that it has no channels "
                    + "from one; start it by ProcessGroup.builder().process(…).join(…).start()");
        }
        return CURRENT;
    }

    /**
     * The name of this process in its group.
     *
     * @return such as {@code upper}, or {@code worker-2}
     */
    public String name() {
        return name;
    }

    /**
     * How often this process was started, this time included.
     *
     * @return 1 unless it was started again
     */
    public int start() {
        return start;
    }

    /**
     * Opens the only receiving end.
     *
     * @return the receiver
     * @throws IllegalStateException if there is none, or more than one
     */
    public Receiver receiver() {
        return receiver(only(ins, "receive from"));
    }

    /**
     * Opens a receiving end. Besides what a receiver does anyway, it sees the end of the channel when all senders have
     * ended for good and all they sent was taken.
     *
     * @param port its name
     * @return the receiver
     * @throws IllegalArgumentException if there is no such end
     */
    public Receiver receiver(String port) {
        In in = in(port);
        return Ports.receiver(in.address, in::stage);
    }

    /** The channel behind a receiving end, and whether it is over. */
    private record In(Address address, Board.Over over) {
        MessageIn stage(MessageIn transport) {
            return new StageIn(transport, over);
        }
    }

    private In in(String port) {
        String[] in = find(ins, port, "receive from").split(" ", 2);
        return new In(Address.parse(in[1]), board().over(Integer.parseInt(in[0])));
    }

    /** Queues have no place for the type. */
    private static boolean comparesTypes(Address address) {
        return address.scheme().equals("shm");
    }

    /**
     * Opens the only receiving end, for values.
     *
     * @param <T> what is received
     * @param codec how messages become values
     * @return the receiver
     * @throws IllegalStateException if there is none, or more than one
     * @throws org.jvmipc.IncompatibleChannelException as of {@link #receiver(String, Codec)}
     */
    public <T> TypedReceiver<T> receiver(Codec<T> codec) {
        return receiver(only(ins, "receive from"), codec);
    }

    /**
     * Opens a receiving end of values. In shared memory all ends of a channel must have the same type.
     *
     * @param <T> what is received
     * @param port its name
     * @param codec how messages become values
     * @return the receiver
     * @throws IllegalArgumentException if there is no such end
     * @throws org.jvmipc.IncompatibleChannelException if another end has another type
     */
    public <T> TypedReceiver<T> receiver(String port, Codec<T> codec) {
        In in = in(port);
        return comparesTypes(in.address) ? Ports.receiver(in.address, codec, in::stage)
                : TypedReceiver.over(receiver(port), codec);
    }

    /**
     * Opens the only sending end.
     *
     * @return the sender
     * @throws IllegalStateException if there is none, or more than one
     */
    public Sender sender() {
        return sender(only(outs, "send to"));
    }

    /**
     * Opens a sending end. While no process receives, it waits for the next one.
     *
     * @param port its name
     * @return the sender
     * @throws IllegalArgumentException if there is no such end
     */
    public Sender sender(String port) {
        return Ipc.sender(find(outs, port, "send to"));
    }

    /**
     * Opens the only sending end, for values.
     *
     * @param <T> what is sent
     * @param codec how values become messages
     * @return the sender
     * @throws IllegalStateException if there is none, or more than one
     * @throws org.jvmipc.IncompatibleChannelException as of {@link #sender(String, Codec)}
     */
    public <T> TypedSender<T> sender(Codec<T> codec) {
        return sender(only(outs, "send to"), codec);
    }

    /**
     * Opens a sending end of values. In shared memory all ends of a channel must have the same type.
     *
     * @param <T> what is sent
     * @param port its name
     * @param codec how values become messages
     * @return the sender
     * @throws IllegalArgumentException if there is no such end
     * @throws org.jvmipc.IncompatibleChannelException if another end has another type
     */
    public <T> TypedSender<T> sender(String port, Codec<T> codec) {
        Address address = Address.parse(find(outs, port, "send to"));
        return comparesTypes(address) ? Ipc.sender(address, codec) : TypedSender.over(Ipc.sender(address), codec);
    }

    /**
     * Handles the messages of the only receiving end: see {@link #forEach(Receiver, MessageTask)}.
     *
     * @param task what to do with each
     * @throws InterruptedException if the thread is interrupted
     * @throws IllegalStateException if there is no such end, or more than one
     */
    public void forEach(MessageTask task) throws InterruptedException {
        try (Receiver receiver = receiver()) {
            forEach(receiver, task);
        }
    }

    /**
     * Handles message by message until the end of the channel. A message is taken from the channel when the task has
     * returned (or thrown): if this process dies before, the message comes again. That holds for channels in shared
     * memory; those of a {@code queue:} do the same by themselves, those of the kernel's queues cannot.
     *
     * @param receiver an end of this process, which nobody else reads
     * @param task what to do with each; what it throws ends the loop
     * @throws InterruptedException if the thread is interrupted; if that was in the task, its message counts as taken
     */
    public static void forEach(Receiver receiver, MessageTask task) throws InterruptedException {
        Port port = Ports.receiving(receiver);
        Waiter waiter = new Waiter(WaitStrategy.ADAPTIVE);
        try {
            for (int count = 0; count >= 0; count = receiver.poll(message -> handle(task, message), 1)) {
                if (count == 0) {
                    waiter.await(port.readiness(), Long.MAX_VALUE);
                    port.idle();
                }
            }
        } catch (Interrupted inTask) {
            throw (InterruptedException) inTask.getCause();
        }
    }

    private static void handle(MessageTask task, ByteBuffer message) {
        try {
            task.handle(message);
        } catch (InterruptedException interrupt) {
            throw new Interrupted(interrupt);
        }
    }

    private synchronized Board board() {
        if (board == null) {
            board = Board.open(boardName);
        }
        return board;
    }

    private String find(Map<String, String> ends, String port, String what) {
        String found = ends.get(port);
        if (found == null) {
            throw new IllegalArgumentException("process " + name + " has nothing to " + what + " that is called \""
                    + port + "\"; it has " + ends.keySet());
        }
        return found;
    }

    private String only(Map<String, String> ends, String what) {
        if (ends.size() != 1) {
            throw new IllegalStateException("process " + name + " has " + ends.size() + " ends to " + what
                    + (ends.isEmpty() ? "; join it to another process" : ", " + ends.keySet() + "; name one"));
        }
        return ends.keySet().iterator().next();
    }

    @Override
    public String toString() {
        return "process " + name + ", receives from " + ins.keySet() + ", sends to " + outs.keySet();
    }
}
