package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.outside.ModularHandler;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;

/** What a program needs and loads that handles and sends signals. */
@IpcDir
@ExtendWith(SharedThreads.class)
final class PlainJavaTest {
    private static final Pattern NATIVE = Pattern.compile("\\bcom\\.kenai\\.jffi\\.\\w+|\\bjnr\\.\\w+\\.\\w+");

    /** A program of its own, as a user would write it: goes on until it is told to end. */
    public static final class Program {
        /** Waits for a signal. */
        public static void main(String[] arguments) throws InterruptedException {
            CountDownLatch told = new CountDownLatch(1);
            try (SignalRegistration handler = Signals.on(Signal.TERM, signal -> told.countDown())) {
                System.out.println("ready " + handler.signal());
                told.await();
            }
        }
    }

    @Test
    void shouldHandleWithoutNativeCodeWarningsAndFlags() {
        try (ChildJvm child = ChildJvm.of(Program.class).jvmArgs("-Xlog:class+load:stdout").start()) {
            child.expect("ready SIGTERM");
            child.terminate();
            assertEquals(0, child.awaitExit());
            assertEquals("", child.errors(), "no warning");
            assertTrue(child.output().contains("org.jvmipc.signals.internal.JvmSignals"), "classes are listed");
            assertEquals(List.of(), child.output().lines().filter(line -> NATIVE.matcher(line).find()).toList());
        }
    }

    @Test
    void shouldWorkOnTheModulePath() throws Exception {
        List<Path> modules = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of).filter(PlainJavaTest::isModule).toList();
        assertTrue(modules.stream().anyMatch(path -> path.toString().contains("ipc-signals")), modules.toString());
        try (ChildJvm child = ChildJvm.of(ModularHandler.class).modulePath(modules.toArray(Path[]::new)).start();
                Receiver receiver = Ipc.receiver("signal:self?signal=RTMIN+6")) {
            assertEquals("org.jvmipc.signals", child.readLine());
            assertEquals("effective true", child.readLine());
            child.signal("USR1");
            assertEquals("handled SIGUSR1", child.readLine());
            child.send(receiver.address().toString());
            assertArrayEquals(new byte[] {4, 7}, receiver.receive(Duration.ofSeconds(20)).message().bytes());
            assertEquals(child.pid(), SignalChannels.last(receiver).pid());
            child.expect("sent");
            child.send("end");
            assertEquals(0, child.awaitExit());
        }
    }

    /** What a program would have on its module path: this project's modules but for tests, and what they need. */
    private static boolean isModule(Path entry) {
        String name = entry.toString();
        // This project's modules are directories or jars, as far as the build has come.
        boolean own = name.matches(".*/ipc-(core|posix|signals)(/target/classes|[^/]*\\.jar)");
        return own || name.contains("/com/github/jnr/") || name.contains("/org/ow2/asm/");
    }
}
