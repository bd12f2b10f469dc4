package org.jvmipc.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Address;
import org.jvmipc.ChannelSubscriber;
import org.jvmipc.Codec;
import org.jvmipc.Ipc;
import org.jvmipc.IpcException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.TypedReceiver;
import org.jvmipc.TypedSender;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.DebrisKind;
import org.jvmipc.testkit.IpcScope;
import org.opentest4j.TestAbortedException;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.BeforeMethod;

/** The compatibility kit of Reactive Streams, whose cases are TestNG's, on channels as publishers and subscribers. */
class ReactiveStreamsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static IpcScope scope() {
        IpcScope scope = IpcScope.open();
        scope.relax(DebrisKind.DESCRIPTOR, "the thread that all sockets share starts with the first of them");
        return scope;
    }

    private static TestEnvironment environment() {
        return new TestEnvironment(2_000, 50);
    }

    /** What comes out of a channel. */
    private static final class Publishing extends FlowPublisherVerification<Long> {
        private final IpcScope scope;
        private final String scheme;
        private final AtomicInteger names = new AtomicInteger();

        Publishing(IpcScope scope, String scheme) {
            super(environment(), 1_000);
            this.scope = scope;
            this.scheme = scheme;
        }

        private TypedReceiver<Long> receiver(Address address) {
            return scope.track(Ipc.receiver(address, Codec.longs()));
        }

        private Address address() {
            return Address.parse(scope.address(scheme, "tck" + names.incrementAndGet()));
        }

        @Override
        public Flow.Publisher<Long> createFlowPublisher(long elements) {
            Address address = address();
            TypedReceiver<Long> receiver = receiver(address);
            Thread feeder = new Thread(() -> feed(address, elements), "feeder");
            feeder.start();
            scope.track(() -> {
                receiver.close();
                // It may wait for a receiver, as it had not connected yet.
                feeder.interrupt();
                feeder.join(PATIENCE.toMillis());
                assertTrue(!feeder.isAlive(), "the feeder did not end");
            });
            return receiver.publisher();
        }

        private static void feed(Address address, long elements) {
            try (TypedSender<Long> sender = Ipc.sender(address, Codec.longs())) {
                for (long i = 0; i < elements; i++) {
                    sender.send(i);
                }
                sender.close(PATIENCE);
            } catch (IpcException | InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public Flow.Publisher<Long> createFailedFlowPublisher() {
            TypedReceiver<Long> receiver = receiver(address());
            receiver.close();
            return receiver.publisher();
        }
    }

    /** What goes into a channel. */
    private static final class Subscribing extends FlowSubscriberBlackboxVerification<Long> {
        private final TypedSender<Long> sender;

        Subscribing(IpcScope scope, String scheme) {
            super(environment());
            Address address = Address.parse(scope.address(scheme, "tck"));
            scope.track(Ipc.receiver(address, Codec.longs()));
            sender = scope.track(Ipc.sender(address, Codec.longs()));
        }

        @Override
        public Flow.Subscriber<Long> createFlowSubscriber() {
            return sender.subscriber();
        }

        @Override
        public Long createElement(int element) {
            return (long) element;
        }
    }

    @TestFactory
    Stream<DynamicNode> channelsShouldBePublishers() {
        return Stream.of("mem", "unix", "shm").map(scheme -> DynamicContainer.dynamicContainer(scheme,
                cases(Publishing.class, scope -> new Publishing(scope, scheme))));
    }

    @TestFactory
    Stream<DynamicNode> channelsShouldBeSubscribers() {
        return Stream.of("mem", "unix", "shm").map(scheme -> DynamicContainer.dynamicContainer(scheme,
                cases(Subscribing.class, scope -> new Subscribing(scope, scheme))));
    }

    private static Stream<DynamicTest> cases(Class<?> type, Function<IpcScope, Object> maker) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.isAnnotationPresent(org.testng.annotations.Test.class))
                .sorted(Comparator.comparing(Method::getName))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> run(method, maker)));
    }

    private static void run(Method method, Function<IpcScope, Object> maker) throws Throwable {
        try (IpcScope scope = scope()) {
            Object verification = maker.apply(scope);
            invoke(verification, BeforeClass.class);
            try {
                invoke(verification, BeforeMethod.class);
                method.invoke(verification);
            } finally {
                invoke(verification, AfterClass.class);
            }
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof SkipException skipped && !method.getName().startsWith("required_")) {
                throw new TestAbortedException(skipped.getMessage());
            }
            throw thrown.getCause();
        }
    }

    private static void invoke(Object verification, Class<? extends Annotation> marked) throws Exception {
        for (Method method : verification.getClass().getMethods()) {
            if (method.isAnnotationPresent(marked)) {
                method.invoke(verification);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mem", "unix", "shm"})
    void shouldPassAllThroughAChainOfChannels(String scheme) throws Exception {
        int count = 5_000;
        SubmissionPublisher<Long> source = new SubmissionPublisher<>();
        try (IpcScope scope = scope()) {
            TypedReceiver<Long> firstOut = scope.track(Ipc.receiver(scope.address(scheme, "first"), Codec.longs()));
            TypedReceiver<Long> secondOut = scope.track(Ipc.receiver(scope.address(scheme, "second"), Codec.longs()));
            TypedSender<Long> first = scope.track(Ipc.sender(scope.address(scheme, "first"), Codec.longs()));
            TypedSender<Long> second = scope.track(Ipc.sender(scope.address(scheme, "second"), Codec.longs()));
            ChannelSubscriber<Long> in = first.subscriber();
            source.subscribe(in);
            in.ended().thenRun(first::close);
            ChannelSubscriber<Long> between = second.subscriber();
            firstOut.publisher().subscribe(between);
            between.ended().thenRun(second::close);
            Thread submitting = new Thread(() -> {
                for (long i = 0; i < count; i++) {
                    source.submit(i);
                }
                source.close();
            });
            submitting.start();
            long next = 0;
            for (long value : secondOut.range()) {
                assertEquals(next++, value);
            }
            assertEquals(count, next);
            in.ended().get(20, TimeUnit.SECONDS);
            between.ended().get(20, TimeUnit.SECONDS);
            submitting.join(PATIENCE.toMillis());
        }
    }

    @Test
    void aSubscriberShouldTellWhatStoppedIt() {
        TypedReceiver<Long> receiver = Ipc.receiver("mem:tck-stopped", Codec.longs());
        try (TypedSender<Long> sender = Ipc.sender("mem:tck-stopped", Codec.longs());
                SubmissionPublisher<Long> source = new SubmissionPublisher<>()) {
            ChannelSubscriber<Long> sink = sender.subscriber();
            source.subscribe(sink);
            receiver.close();
            source.submit(1L);
            ExecutionException stopped =
                    assertThrows(ExecutionException.class, () -> sink.ended().get(20, TimeUnit.SECONDS));
            assertInstanceOf(PeerGoneException.class, stopped.getCause());
            source.submit(2L);
            Await.until(PATIENCE, "the subscription to end", () -> source.getNumberOfSubscribers() == 0);
        }
    }
}
