package org.jvmipc.cli.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Claim;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.shm.sync.SharedLock;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/**
 * R63: one JVM uses all transports in modes in which others run: by its interpreter alone, by its first or second
 * compiler alone, and with its checks of native calls. Which modes the whole suite can be run in is in
 * CONTRIBUTING.md.
 */
@IpcDir
class ModesTest {
    private static final int MESSAGES = 300;
    private static final Duration LONG = Duration.ofSeconds(20);

    @IpcDir
    private IpcScope scope;

    /** Has both ends of each channel, one after the other. */
    static final class Both implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            try (SharedLock lock = SharedLock.named(context.arg(0))) {
                for (String address : context.args().subList(1, context.args().size())) {
                    try (Receiver receiver = Ipc.receiver(address);
                            Sender sender = Ipc.sender(receiver.address())) {
                        lock.lock();
                        talk(sender, receiver);
                        lock.unlock();
                    }
                    context.say("used " + address);
                }
            }
        }

        /** A batch at a time, as one thread has both ends. */
        private static void talk(Sender sender, Receiver receiver) throws InterruptedException {
            for (int from = 0; from < MESSAGES; from += 3) {
                for (int number = from; number < from + 3; number++) {
                    send(sender, number);
                }
                for (int number = from; number < from + 3; number++) {
                    Received received = receiver.receive(LONG);
                    if (received.message().payload().getInt(0) != number) {
                        throw new AssertionError(number + " was due, and " + received.message() + " came");
                    }
                }
            }
        }

        private static void send(Sender sender, int number) throws InterruptedException {
            if (number % 3 == 0 && sender.address().scheme().equals("shm")) {
                try (Claim claim = sender.tryClaim(Integer.BYTES)) {
                    claim.buffer().putInt(number);
                    claim.commit();
                }
            } else {
                sender.send(ByteBuffer.allocate(Integer.BYTES).putInt(0, number), LONG);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:-TieredCompilation -XX:TieredStopAtLevel=4", "-XX:TieredStopAtLevel=1",
        "-Xcheck:jni"})
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void shouldCarryMessagesOverAllTransports(String mode) {
        List<String> args = new ArrayList<>(List.of(scope.name("lock")));
        // A pipe is between two processes.
        Arrays.stream(Kind.values()).filter(kind -> kind != Kind.PIPE)
                .forEach(kind -> args.add(kind.address(scope, "m")));
        try (ChildJvm child = ChildJvm.of(Both.class).blockSignals("RTMIN+3").jvmArgs(mode.split(" "))
                .args(args.toArray()).start()) {
            for (String address : args.subList(1, args.size())) {
                child.expect("used " + address, LONG);
            }
            assertEquals(0, child.awaitExit(), child.errors());
            String said = child.output() + child.errors();
            assertFalse(said.contains("WARNING in native method") || said.contains("FATAL ERROR in native"), said);
        }
    }
}
