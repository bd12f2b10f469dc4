package org.jvmipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Address;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.Codec;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.Ipc;
import org.jvmipc.TypedReceiver;
import org.jvmipc.TypedSender;
import org.jvmipc.process.GroupEvent.Kind;
import org.jvmipc.signals.Exit;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.SignalRegistration;
import org.jvmipc.signals.Signals;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Groups of real processes. */
class ProcessGroupTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String[] SMALL = {
        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:-UsePerfData"};

    private final Sluggish out = new Sluggish();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<GroupEvent> events = new CopyOnWriteArrayList<>();

    private ProcessGroupBuilder group() {
        return ProcessGroup.builder().jvmArgs(SMALL).listener(events::add).grace(Duration.ofSeconds(2))
                .output(new PrintStream(out, true), new PrintStream(err, true));
    }

    /** Takes longer over the first last line than a process needs to be started again. */
    private static final class Sluggish extends ByteArrayOutputStream {
        private final CountDownLatch exited = new CountDownLatch(1);
        private boolean asked;
        private volatile boolean overtaken;

        @Override
        public synchronized void write(byte[] bytes, int from, int count) {
            if (!asked && new String(bytes, from, count, StandardCharsets.UTF_8).endsWith("the end\n")) {
                asked = true;
                try {
                    overtaken = exited.await(1500, TimeUnit.MILLISECONDS);
                } catch (InterruptedException impossible) {
                    throw new AssertionError(impossible);
                }
            }
            super.write(bytes, from, count);
        }
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8) + events;
    }

    private static List<Path> left(long pid) {
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            return files.filter(file -> file.toString().contains("-group-" + pid + "-")).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void shouldLeaveNothing() {
        assertEquals(List.of(), left(ProcessHandle.current().pid()));
        assertEquals(List.of(), ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList());
    }

    /** Prints many lines, and a last one without an end; then ends with an exit code. */
    static final class Talker {
        private Talker() {
        }

        public static void main(String[] args) {
            StringBuilder lines = new StringBuilder();
            IntStream.range(0, 20_000).forEach(i -> lines.append("line ").append(i).append('\n'));
            System.out.print(lines.append("the end"));
            System.out.flush();
            System.err.println("start " + ProcessContext.current().start());
            System.exit(Integer.parseInt(args[0]));
        }
    }

    /** Ends by nothing but KILL. */
    static final class Stubborn {
        private Stubborn() {
        }

        public static void main(String[] args) throws InterruptedException {
            try (SignalRegistration term = Signals.on(Signal.TERM, signal -> System.out.println("no"))) {
                System.out.println("pid " + ProcessHandle.current().pid() + term.isEffective());
                new CountDownLatch(1).await();
            }
        }
    }

    /** Sends numbers without end. */
    static final class Source {
        private Source() {
        }

        public static void main(String[] args) throws InterruptedException {
            try (TypedSender<Long> sender = ProcessContext.current().sender(Codec.longs())) {
                for (long i = 0;; i++) {
                    sender.send(i);
                }
            } catch (ChannelClosedException ending) {
                // It was told to end in the middle of sending, and its queue is closed under its hands.
                return;
            }
        }
    }

    /** Receives as many numbers as its argument says, or all. */
    static final class Sink {
        private Sink() {
        }

        public static void main(String[] args) throws InterruptedException {
            if (Integer.parseInt(args[0]) < 0) {
                receiveAll();
                return;
            }
            int[] next = new int[1];
            try {
                ProcessContext.current().forEach(message -> {
                    check(message.getLong(), next[0]++);
                    if (next[0] == Integer.parseInt(args[0])) {
                        throw new InterruptedException("enough");
                    }
                });
            } catch (InterruptedException enough) {
                System.out.println("received " + next[0]);
            }
        }

        private static void receiveAll() {
            try (TypedReceiver<Long> receiver = ProcessContext.current().receiver(Codec.longs())) {
                long next = 0;
                for (long number : receiver.range()) {
                    check(number, next++);
                    if (next == 1) {
                        System.out.println("receives, another type is refused: " + isAnotherTypeRefused());
                    }
                }
                System.out.println("all " + next);
            }
        }

        private static boolean isAnotherTypeRefused() {
            try (TypedReceiver<String> other = ProcessContext.current().receiver(Codec.utf8())) {
                return !other.isOpen();
            } catch (IncompatibleChannelException refused) {
                return true;
            }
        }

        private static void check(long number, long next) {
            if (number != next) {
                throw new IllegalStateException("number " + next + " is missing");
            }
        }
    }

    /** Starts a group, and waits for its end. */
    static final class Parent {
        private Parent() {
        }

        public static void main(String[] args) throws InterruptedException {
            try (ProcessGroup group = ProcessGroup.builder().jvmArgs(SMALL)
                    .process("stubborn", Stubborn.class).process("source", Source.class)
                    .process("sink", Program.of(Sink.class).args(-1)).join("source", "sink").start()) {
                group.await();
            }
        }
    }

    @Test
    void shouldRestartAWhileThenFailAndEndTheOthersAndLoseNoOutput() throws Exception {
        try (ProcessGroup group = group().listener(event -> {
            if (event.kind() == Kind.EXITED) {
                out.exited.countDown();
            }
        }).process("stubborn", Stubborn.class)
                .process("talker", Program.of(Talker.class).args(3).restart(
                        Restart.onFailure().backoff(Duration.ofMillis(10), Duration.ofMillis(20))
                                .atMost(1, Duration.ofMinutes(1))))
                .grace(Duration.ofMillis(300)).start()) {
            GroupEnd end = group.await(PATIENCE).orElseThrow(() -> new AssertionError(said()));
            assertTrue(end.failure().orElseThrow().startsWith("process talker exited with 3, and was started again 1 "
                    + "times within 60000 ms"), end.toString());
            assertEquals(3, end.exits().get("talker").code());
            assertEquals(Signal.KILL, end.exits().get("stubborn").signal(), said());
            assertEquals(ProcessStatus.State.ENDED, group.status("talker").state());
            assertEquals(2, group.status("talker").starts());
        }
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines()
                .filter(line -> line.startsWith("[talker] ")).toList();
        List<String> once = Stream.concat(IntStream.range(0, 20_000).mapToObj(i -> "[talker] line " + i),
                Stream.of("[talker] the end")).toList();
        assertFalse(out.overtaken, "its end was told before its last line was copied");
        assertEquals(once, lines.subList(0, once.size()));
        assertEquals(once, lines.subList(once.size(), lines.size()));
        assertEquals("[talker] start 1\n[talker] start 2\n", err.toString(StandardCharsets.UTF_8));
        assertEquals(List.of(Kind.STARTED, Kind.EXITED, Kind.RESTARTING, Kind.STARTED, Kind.EXITED),
                events.stream().filter(event -> event.process().equals("talker")).map(GroupEvent::kind).toList());
        assertEquals(1, events.stream().filter(event -> event.kind() == Kind.FAILED).count());
    }

    @Test
    void shouldRunAJarByAQueueWithTheFlagsItNeedsAndEndASenderWithoutReceivers(@IpcDir IpcScope scope)
            throws Exception {
        Path jar = jarOf(scope.path("source.jar"), Source.class);
        scope.mayLeave(jar);
        scope.mayLeave(scope.path("queue"));
        Path file = Files.writeString(scope.path("numbers.group"), """
                grace 300ms
                jvm %s
                process source jar=source.jar
                process sink class=%s args=500 class-path=%s
                join source -> sink as numbers by %s
                """.formatted(String.join(" ", SMALL), Sink.class.getName(), System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                        scope.address("queue", "queue")));
        scope.mayLeave(file);
        try (ProcessGroup group = ProcessGroup.read(file).listener(events::add)
                .output(new PrintStream(out, true), new PrintStream(err, true)).start()) {
            GroupEnd end = group.await(PATIENCE).orElseThrow(() -> new AssertionError(said()));
            assertTrue(end.isClean(), said());
            assertEquals(0, end.exits().get("sink").code(), said());
            assertFalse(end.exits().get("source").equals(new Exit(0, Exit.Kind.EXITED, 0)));
        }
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("[sink] received 500\n"), said());
        assertEquals(1, events.stream().filter(event -> event.kind() == Kind.STOPPING
                && event.detail().equals("nobody is left who receives from it")).count(), said());
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "posixmq", "sysvmq"})
    void shouldEndItsChannelsFromTheBeginningWhenItIsDrained(String scheme, @IpcDir IpcScope scope) throws Exception {
        String address = switch (scheme) {
            case "sysvmq" -> "sysvmq:" + Integer.toUnsignedLong(scope.key("numbers"));
            case "posixmq" -> scope.address("posixmq", "numbers");
            default -> "shm:";
        };
        try (ProcessGroup group = group().process("source", Source.class)
                .process("sink", Program.of(Sink.class).args(-1))
                .join("source", "sink", address).start()) {
            Await.until(PATIENCE, () -> "both to run: " + said(), () -> said().contains("[sink] receives"));
            assertEquals(ProcessStatus.State.RUNNING, group.status("source").state());
            assertThrows(IllegalArgumentException.class, () -> group.status("nobody"));
            GroupEnd end = group.drain(PATIENCE);
            assertTrue(end.isClean(), said());
            assertEquals(0, end.exits().get("sink").code(), said());
        }
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("[sink] all "), said());
        assertTrue(said().contains("another type is refused: " + scheme.equals("shm")), said());
        if (!address.equals("shm:")) {
            String left = Address.parse(address).with("open", "attach").toString();
            assertThrows(ChannelNotFoundException.class, () -> Ipc.sender(left), "the last one removes the queue");
        }
    }

    @Test
    void shouldEndAllWhenItIsKilled() {
        long pid;
        long stubborn;
        List<ProcessHandle> children;
        try (ChildJvm parent = ChildJvm.of(Parent.class).start()) {
            stubborn = Long.parseLong(parent.expect("[stubborn] pid ").replaceAll("\\D", ""));
            pid = parent.pid();
            Await.until(PATIENCE, "three processes", () -> ProcessHandle.of(pid).orElseThrow().children().count() == 3);
            children = ProcessHandle.of(pid).orElseThrow().children().toList();
            Await.until(PATIENCE, "both to be in the channel", () -> parent.output().contains("[sink] receives"));
            assertEquals(2, left(pid).size());
            parent.kill();
            parent.awaitDeath(PATIENCE);
        }
        assertTrue(children.stream().anyMatch(child -> child.pid() == stubborn));
        Await.until(PATIENCE, "the children to end",
                () -> children.stream().noneMatch(ProcessHandle::isAlive));
        Await.until(PATIENCE, () -> "nothing to be left: " + left(pid), () -> left(pid).isEmpty());
    }

    /** A launcher whose listener ends the JVM, by the group's own thread. */
    static final class Exiting {
        private Exiting() {
        }

        public static void main(String[] args) throws InterruptedException {
            try (ProcessGroup group = ProcessGroup.builder().jvmArgs(SMALL).grace(Duration.ofMillis(300))
                    .process("stubborn", Stubborn.class).listener(event -> {
                        System.out.println("pid " + event.pid());
                        System.exit(3);
                    }).start()) {
                group.await();
            }
        }
    }

    @Test
    void shouldEndAllWhenAListenerEndsTheJvm() {
        try (ChildJvm parent = ChildJvm.of(Exiting.class).start()) {
            long pid = Long.parseLong(parent.expect("pid ").replaceAll("\\D", ""));
            assertEquals(3, parent.awaitExit());
            Await.until(PATIENCE, "the child to end", () -> ProcessHandle.of(pid).isEmpty());
        }
    }

    /** A jar with a main class and nothing else. */
    private static Path jarOf(Path jar, Class<?> main) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main.getName());
        String entry = main.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(file, manifest);
                InputStream content = main.getClassLoader().getResourceAsStream(entry)) {
            entries.putNextEntry(new JarEntry(entry));
            content.transferTo(entries);
        }
        return jar;
    }
}
