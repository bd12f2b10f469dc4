package org.jvmipc.cli.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/**
 * A thousand virtual threads wait in plain blocking calls, others run meanwhile, and each gets what it waits for: none
 * holds a carrier. Where one thread at a time may use an endpoint each has a channel of its own, elsewhere they share
 * one. (Those of {@code mem:} are tested in {@code ipc-core}.)
 */
@Timeout(60)
@ExtendWith(SharedThreads.class)
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "there are no virtual threads before JDK 21")
class VirtualThreadsTest {
    private static final int COUNT = 1_000;
    private static final int OTHERS = 100;
    private static final Duration LONG = Duration.ofSeconds(40);

    @IpcDir
    private IpcScope scope;
    private final List<Sender> senders = new ArrayList<>();
    private final List<Receiver> receivers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(COUNT);
    private final AtomicReference<Throwable> wrong = new AtomicReference<>();

    /** What a thread does with its channel. */
    private interface Use {
        void by(int number) throws Exception;
    }

    private void open(Kind kind) {
        int channels = kind == Kind.SHM ? COUNT : 1;
        for (int i = 0; i < channels; i++) {
            String address = kind.address(scope, "v" + i);
            receivers.add(scope.track(Ipc.receiver(address)));
            senders.add(scope.track(Ipc.sender(address)));
        }
    }

    private <E> E mine(List<E> endpoints, int number) {
        return endpoints.get(number % endpoints.size());
    }

    private static Thread start(Runnable body) throws ReflectiveOperationException {
        try {
            return (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, body);
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        }
    }

    /** Starts all threads, waits until they are parked, and sees others run on the same carriers. */
    private void blockAll(Use use) throws Exception {
        for (int i = 0; i < COUNT; i++) {
            int number = i;
            threads.add(start(() -> {
                try {
                    use.by(number);
                } catch (Throwable thrown) {
                    wrong.set(thrown);
                }
                ended.countDown();
            }));
        }
        Await.until(LONG, "all to be parked", () -> threads.stream().allMatch(thread ->
                thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING));
        CountDownLatch others = new CountDownLatch(OTHERS);
        for (int i = 0; i < OTHERS; i++) {
            start(() -> {
                Thread.yield();
                others.countDown();
            });
        }
        assertTrue(others.await(20, TimeUnit.SECONDS), () -> others.getCount() + " got no carrier");
        assertEquals(COUNT, ended.getCount(), () -> "some did not wait: " + wrong);
    }

    private void assertAllEnd() throws InterruptedException {
        assertTrue(ended.await(LONG.toSeconds(), TimeUnit.SECONDS), () -> ended.getCount() + " still wait");
        assertNull(wrong.get());
    }

    @ParameterizedTest
    @EnumSource(names = {"SHM", "UNIX", "UNIX_NATIVE", "FIFO"})
    void shouldLeaveTheCarriersToOthersWhileTheyWaitForMessages(Kind kind) throws Exception {
        open(kind);
        blockAll(number -> assertEquals(1, mine(receivers, number).receive().message().length()));
        for (int i = 0; i < COUNT; i++) {
            mine(senders, i).send(ByteBuffer.allocate(1), LONG);
        }
        assertAllEnd();
        for (Receiver receiver : receivers) {
            assertTrue(!receiver.tryReceive().isMessage(), "one message for each");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SHM", "UNIX", "UNIX_NATIVE", "FIFO"})
    void shouldLeaveTheCarriersToOthersWhileTheyWaitForRoom(Kind kind) throws Exception {
        open(kind);
        long filled = 0;
        for (Sender sender : senders) {
            while (sender.trySend(ByteBuffer.allocate(1_000)) == SendResult.SENT) {
                filled++;
            }
        }
        blockAll(number -> mine(senders, number).send(ByteBuffer.allocate(1_000)));
        long taken = 0;
        while (ended.getCount() > 0) {
            for (Receiver receiver : receivers) {
                taken += Math.max(0, receiver.poll(message -> { }, 64));
            }
        }
        assertAllEnd();
        for (Receiver receiver : receivers) {
            for (int count = receiver.poll(message -> { }, 64); count > 0; count = receiver.poll(message -> { }, 64)) {
                taken += count;
            }
        }
        assertEquals(filled + COUNT, taken);
    }
}
