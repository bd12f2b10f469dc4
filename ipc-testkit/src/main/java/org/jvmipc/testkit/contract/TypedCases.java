package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.jvmipc.Address;
import org.jvmipc.ChannelArray;
import org.jvmipc.Codec;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.Ipc;
import org.jvmipc.TypedDuplex;
import org.jvmipc.TypedListener;
import org.jvmipc.TypedReceiver;
import org.jvmipc.TypedSender;

/** Values instead of bytes, the same over every channel. */
interface TypedCases {
    /** The bench of the test that runs. */
    PatternBench patterns();

    /** Where something is. */
    record Place(int line, int column) {
    }

    /** What a worker has found. */
    record Result(long task, Place at, List<String> words, Optional<Double> weight) {
    }

    /** What a worker is asked. */
    record Question(long task) {
    }

    private static Result result(long task) {
        return new Result(task, new Place((int) task, -1), task % 3 == 0 ? List.of() : List.of("a", "b" + task),
                task % 2 == 0 ? Optional.empty() : Optional.of(task / 2.0));
    }

    @Test
    default void shouldLoopOverWhatComesUntilTheEnd() throws Exception {
        Codec<Result> results = Codec.ofRecord(Result.class);
        Address address = patterns().address("range");
        TypedReceiver<Result> receiver = patterns().track(Ipc.receiver(address, results));
        Future<?> sending = patterns().threads(1).submit(() -> {
            try (TypedSender<Result> sender = Ipc.sender(address, results)) {
                for (long i = 0; i < 500; i++) {
                    sender.send(result(i), PatternBench.PATIENCE);
                }
                sender.close(PatternBench.PATIENCE);
            }
            return null;
        });
        List<Result> all = new ArrayList<>();
        for (Result one : receiver.range()) {
            all.add(one);
            if (all.size() == 100) {
                break;
            }
        }
        assertEquals(100, all.size());
        for (Result one : receiver.range()) {
            all.add(one);
        }
        sending.get(20, TimeUnit.SECONDS);
        assertEquals(500, all.size());
        for (int i = 0; i < all.size(); i++) {
            assertEquals(result(i), all.get(i));
        }
    }

    @Test
    default void shouldEndALoopWhenTheReceiverIsClosed() throws Exception {
        TypedReceiver<Long> receiver = patterns().track(Ipc.receiver(patterns().address("close"), Codec.longs()));
        TypedSender<Long> sender = patterns().track(Ipc.sender(patterns().address("close"), Codec.longs()));
        Future<Long> looping = patterns().threads(1).submit(() -> {
            long sum = 0;
            for (long value : receiver.range()) {
                sum += value;
                if (value == 3) {
                    receiver.close();
                }
            }
            return sum;
        });
        sender.send(1L, PatternBench.PATIENCE);
        sender.send(3L, PatternBench.PATIENCE);
        assertEquals(4, looping.get(20, TimeUnit.SECONDS));
    }

    @Test
    default void shouldTellAnInterruptedLoop() throws Exception {
        TypedReceiver<Long> receiver = patterns().track(Ipc.receiver(patterns().address("interrupt"), Codec.longs()));
        Thread.currentThread().interrupt();
        java.io.UncheckedIOException told = assertThrows(java.io.UncheckedIOException.class,
                () -> receiver.range().iterator().hasNext());
        assertTrue(Thread.interrupted());
        assertInstanceOf(java.io.InterruptedIOException.class, told.getCause());
    }

    @Test
    default void shouldSpreadWorkOverAnArrayOfChannels() throws Exception {
        int workers = 3;
        Address address = patterns().address("array");
        Codec<Result> results = Codec.ofRecord(Result.class);
        try (ChannelArray<Result> mine = Ipc.array(address, workers, results);
                ChannelArray<Result> theirs = Ipc.array(address, workers, results)) {
            List<TypedReceiver<Result>> receivers = mine.receivers();
            assertEquals(workers, receivers.size());
            List<Future<?>> working = new ArrayList<>();
            for (int worker = 0; worker < workers; worker++) {
                int number = worker;
                working.add(patterns().threads(1).submit(() -> {
                    try (TypedSender<Result> sender = theirs.sender(number)) {
                        for (int i = 0; i < 50; i++) {
                            sender.send(result(number * 50 + i), PatternBench.PATIENCE);
                        }
                        sender.close(PatternBench.PATIENCE);
                    }
                    return null;
                }));
            }
            long task = 0;
            for (TypedReceiver<Result> receiver : receivers) {
                for (Result one : receiver.range()) {
                    assertEquals(result(task++), one);
                }
            }
            assertEquals(workers * 50, task);
            for (Future<?> one : working) {
                one.get(20, TimeUnit.SECONDS);
            }
            assertThrows(IndexOutOfBoundsException.class, () -> mine.sender(workers));
        }
    }

    @Test
    default void shouldConnectForValuesInBothDirections() throws Exception {
        Codec<Question> questions = Codec.ofRecord(Question.class);
        Codec<Result> results = Codec.ofRecord(Result.class);
        Address address = patterns().address("both");
        TypedListener<Result, Question> listener = patterns().track(Ipc.listen(address, results, questions));
        TypedDuplex<Question, Result> asker = patterns().track(Ipc.connect(address, questions, results));
        asker.sender().sendAsync(new Question(5));
        TypedDuplex<Result, Question> worker = patterns().track(listener.accept(PatternBench.PATIENCE));
        Question asked = worker.receiver().receive(PatternBench.PATIENCE).value();
        worker.sender().send(result(asked.task()), PatternBench.PATIENCE);
        assertEquals(result(5), asker.receiver().receive(PatternBench.PATIENCE).value());
    }

    /** At opening where the channel tells its type, else by the greeting: then who receives is the first to learn. */
    @Test
    default void shouldNameBothTypesIfTheyDiffer() throws Exception {
        Address address = patterns().address("differ");
        TypedReceiver<Place> receiver = patterns().track(Ipc.receiver(address, Codec.ofRecord(Place.class)));
        IncompatibleChannelException told = assertThrows(IncompatibleChannelException.class, () -> {
            TypedSender<Question> sender = patterns().track(Ipc.sender(address, Codec.ofRecord(Question.class)));
            sender.sendAsync(new Question(1));
            receiver.receive(PatternBench.PATIENCE);
        });
        assertTrue(told.getMessage().contains(" is record Place(int line,int column)"), told.getMessage());
        assertTrue(told.getMessage().contains(" is record Question(long task)"), told.getMessage());
    }
}
