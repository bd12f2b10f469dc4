package org.jvmipc.benchmarks.jmh;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jvmipc.Codec;
import org.jvmipc.Ipc;
import org.jvmipc.MessageHandler;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a message costs one thread that sends it and receives it at once: the work itself, with all memory in the
 * thread's own caches, and without anything that passing it from one CPU to another costs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SingleThread {
    /** Bytes of a message. */
    @Param({"32", "256"})
    public int size;

    /** Fit into the ring. */
    private static final int SOME = 128;

    private final Codec<Point> codec = Codec.ofRecord(Point.class);
    private final Point point = new Point(1, 2.5, 3);
    private final ByteBuffer room = ByteBuffer.allocateDirect(64);
    private ByteBuffer message;
    private Sender shmSender;
    private Receiver shmReceiver;
    private Sender memSender;
    private Receiver memReceiver;
    private long sum;
    private final MessageHandler handler = received -> sum += received.getLong(received.position());

    /**
     * A value of a fixed layout.
     *
     * @param id a number
     * @param value another one
     * @param flags and one more
     */
    public record Point(long id, double value, int flags) {
    }

    /** Opens the channels. */
    @Setup
    public void open() {
        message = ByteBuffer.allocateDirect(size);
        String name = "jmh-" + ProcessHandle.current().pid();
        shmReceiver = Ipc.receiver("shm:" + name + "?wait=spin");
        shmSender = Ipc.sender("shm:" + name + "?wait=spin");
        memReceiver = Ipc.receiver("mem:" + name);
        memSender = Ipc.sender("mem:" + name);
    }

    /** Closes the channels. */
    @TearDown
    public void close() {
        shmSender.close();
        shmReceiver.close();
        memSender.close();
        memReceiver.close();
    }

    /**
     * {@code shm:}, {@code trySend} and {@code poll}.
     *
     * @return what has to be used
     */
    @Benchmark
    public long shm() {
        return sendAndPoll(shmSender, shmReceiver);
    }

    /**
     * {@code mem:}, {@code trySend} and {@code poll}.
     *
     * @return what has to be used
     */
    @Benchmark
    public long mem() {
        return sendAndPoll(memSender, memReceiver);
    }

    /**
     * {@code shm:}, some messages by {@code trySend} and then all of them by {@code poll}; the cost of one.
     *
     * @return what has to be used
     */
    @Benchmark
    @OperationsPerInvocation(SOME)
    public long shmSome() {
        for (int i = 0; i < SOME; i++) {
            message.clear();
            message.putLong(0, sum);
            if (shmSender.trySend(message) != SendResult.SENT) {
                throw new IllegalStateException("there was no room for " + SOME + " messages");
            }
        }
        for (int got = 0; got < SOME; ) {
            got += shmReceiver.poll(handler, SOME);
        }
        return sum;
    }

    private long sendAndPoll(Sender sender, Receiver receiver) {
        message.clear();
        message.putLong(0, sum);
        if (sender.trySend(message) != SendResult.SENT || receiver.poll(handler, 1) != 1) {
            throw new IllegalStateException("a message was not sent or did not come");
        }
        return sum;
    }

    /**
     * A record into a buffer and out again by its codec.
     *
     * @return what has to be used
     */
    @Benchmark
    public Point codec() {
        return codec.decode(codec.message(point, room));
    }
}
