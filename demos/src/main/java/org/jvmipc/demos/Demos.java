package org.jvmipc.demos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jvmipc.demos.buffer.BoundedBuffer;
import org.jvmipc.demos.cachelines.FalseSharing;
import org.jvmipc.demos.chat.Chat;
import org.jvmipc.demos.codecs.Codecs;
import org.jvmipc.demos.copy.Copy;
import org.jvmipc.demos.crash.CrashLab;
import org.jvmipc.demos.events.EventLog;
import org.jvmipc.demos.fan.Fan;
import org.jvmipc.demos.filters.Filters;
import org.jvmipc.demos.graceful.Graceful;
import org.jvmipc.demos.hello.HelloReceiver;
import org.jvmipc.demos.hello.HelloSender;
import org.jvmipc.demos.launcher.ProducerConsumer;
import org.jvmipc.demos.patterns.Patterns;
import org.jvmipc.demos.philosophers.Philosophers;
import org.jvmipc.demos.pingpong.PingPong;
import org.jvmipc.demos.pipeline.Pipeline;
import org.jvmipc.demos.priorities.Priorities;
import org.jvmipc.demos.readers.ReadersWriters;
import org.jvmipc.demos.reload.Reload;
import org.jvmipc.demos.stats.Stats;
import org.jvmipc.demos.watch.Watch;
import org.jvmipc.demos.workers.WorkerPool;

/** Runs a demo by its name: {@code ./ipc run chat}. */
public final class Demos {
    /** Options of a JVM that starts fast and stays small. */
    public static final String[] SMALL = {"-Xshare:auto", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"};
    private static final String USAGE = """
            Usage: ipc run DEMO [ARGUMENT...]
              receive, send    the two programs of the README, in two terminals
              chat SOCKET      talk between two terminals: start it twice with the same path
              pipeline WIDTH   characters in, lines of WIDTH characters out, through three processes
              copy FROM TO     copy a file from one process to another, and compare checksums
              buffer [ITEMS]   a bounded buffer: two producers and two consumers, by semaphores
              readers          readers and writers of a page, by a read-write lock
              patterns PNG     a picture that four processes compute in steps, by a barrier
              false-sharing    what it costs if two processes write to the same line of a cache
              philosophers     five processes dine: into deadlocks that are broken, by order, and by a banker
              codecs [COUNT]   the same quotes as records, by SBE, and by Protocol Buffers
              priorities       the most urgent of what waits in a queue of the kernel comes first
              worker-pool      three processes share the jobs of a queue on disk, and one of them is killed
              event-log        a queue on disk is read from its beginning, and followed
            These eight tell more with --help. And signals:
              reload COUNT     change the configuration of a busy service by HUP, and lose no message
              stats COUNT      ask a busy process for its counters by USR1
              ping-pong ROUNDS send real-time signals with numbers to and fro
              graceful [polite|stubborn]...
                               supervise workers, and end them in order upon TERM or Ctrl-C
            Groups of processes that are started with their channels (with --help, too):
              filters          a pipeline of four processes, one of which is killed and started again
              fan [JOBS]       three processes share the jobs of one, and one collects the results
              producer-consumer [PRODUCERS [CONSUMERS [ITEMS]]]
                               as many of each as you like, described in a file
            And waiting for many things at a time:
              watch [COUNT]    one thread reads a ring, a socket and a FIFO, keeps time, and notices a crash
            And things that go wrong (with --help, too):
              crash-lab [kill|stop|full-disk|truncate]...
                               what others see of it; a menu if nothing is named""";

    /** What this JVM was given for queues on disk, and its children need, too. */
    private static final List<String> FOR_QUEUES =
            !Object.class.getModule().isOpen("java.lang.reflect", Demos.class.getModule()) ? List.of()
            : Stream.of("--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                    Runtime.version().feature() < 23 ? "-Xshare:auto" : "--sun-misc-unsafe-memory-access=allow")
                    .toList();

    private static final List<String> FOR_AGRONA =
            !Object.class.getModule().isOpen("jdk.internal.misc", Demos.class.getModule()) ? List.of()
            : List.of("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");

    private Demos() {
    }

    /**
     * Runs a demo.
     *
     * @param args the demo's name and its arguments
     */
    public static void main(String[] args) {
        String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
        try {
            if (args.length > 0 && "philosophers".equals(args[0])) {
                Philosophers.main(rest);
                return;
            }
            if (args.length > 0 && "crash-lab".equals(args[0])) {
                CrashLab.main(rest);
                return;
            }
            switch (args.length == 0 ? "" : args[0] + "/" + rest.length) {
                case "send/0" -> HelloSender.main(rest);
                case "receive/0" -> HelloReceiver.main(rest);
                case "chat/1" -> Chat.main(rest);
                case "pipeline/1" -> Pipeline.main(rest);
                case "copy/2" -> Copy.main(rest);
                case "buffer/0", "buffer/1" -> BoundedBuffer.main(rest);
                case "readers/0", "readers/1", "readers/2" -> ReadersWriters.main(rest);
                case "patterns/1", "patterns/2", "patterns/3", "patterns/4" -> Patterns.main(rest);
                case "false-sharing/0", "false-sharing/1" -> FalseSharing.main(rest);
                case "priorities/0", "priorities/1" -> Priorities.main(rest);
                case "worker-pool/0", "worker-pool/1" -> WorkerPool.main(rest);
                case "event-log/0", "event-log/1" -> EventLog.main(rest);
                case "filters/0", "filters/1", "filters/2" -> Filters.main(rest);
                case "fan/0", "fan/1" -> Fan.main(rest);
                case "producer-consumer/0", "producer-consumer/1", "producer-consumer/2", "producer-consumer/3" ->
                    ProducerConsumer.main(rest);
                case "codecs/0", "codecs/1" -> Codecs.main(rest);
                case "watch/0", "watch/1" -> Watch.main(rest);
                case "reload/1" -> Reload.main(rest);
                case "stats/1" -> Stats.main(rest);
                case "ping-pong/1" -> PingPong.main(rest);
                case "graceful/1", "graceful/2", "graceful/3" -> Graceful.main(rest);
                case "graceful/0" -> Graceful.main(new String[] {"polite", "polite", "stubborn"});
                default -> {
                    System.err.println(USAGE);
                    System.exit(args.length == 1 && "--help".equals(args[0]) ? 0 : 2);
                }
            }
        } catch (Exception failed) {
            System.err.println("ipc run: " + failed);
            System.exit(1);
        }
    }

    /**
     * Starts another process of a demo, which shares this one's standard streams.
     *
     * @param main its main class
     * @param args its arguments
     * @return the process
     * @throws IOException if it cannot be started
     */
    public static Process start(Class<?> main, Object... args) throws IOException {
        return new ProcessBuilder(command(List.of(), main, args)).inheritIO().start();
    }

    /**
     * The command by which another process of a demo is started.
     *
     * @param flags more options of its JVM
     * @param main its main class
     * @param args its arguments
     * @return the command, which may be changed
     */
    public static List<String> command(List<String> flags, Class<?> main, Object... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(FOR_QUEUES);
        command.addAll(FOR_AGRONA);
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        Stream.of(args).map(String::valueOf).forEach(command::add);
        return command;
    }

    /**
     * Prints a line at once, so that it is not mixed with those of other processes.
     *
     * @param format as of {@link String#format}
     * @param values what goes into it
     */
    public static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    /**
     * Tells how a demo is used, if that is asked for.
     *
     * @param args its arguments
     * @param usage what to tell
     * @return whether it was asked for
     */
    public static boolean helps(String[] args, String usage) {
        boolean asked = Arrays.asList(args).contains("--help");
        if (asked) {
            System.out.println(usage);
        }
        return asked;
    }

    /**
     * Reads an argument that may be missing.
     *
     * @param args all arguments
     * @param index its place
     * @param what its name
     * @param otherwise what it is if it is missing
     * @param most what it may be at most; the least is 1
     * @return the number
     * @throws IllegalArgumentException if it is no number, or out of range
     */
    public static int number(String[] args, int index, String what, int otherwise, int most) {
        if (index >= args.length) {
            return otherwise;
        }
        long number = args[index].matches("\\d{1,9}") ? Long.parseLong(args[index]) : 0;
        if (number < 1 || number > most) {
            throw new IllegalArgumentException(what + " is \"" + args[index] + "\"; give a number from 1 to " + most);
        }
        return (int) number;
    }

    /**
     * A name for what a demo shares between its processes, which no other run uses.
     *
     * @param demo which
     * @return the name
     */
    public static String name(String demo) {
        return "demo-" + demo + "-" + ProcessHandle.current().pid();
    }

    /**
     * Makes a directory for a demo's channels that is gone when the process ends.
     *
     * @return the directory, 0700
     * @throws IOException if it cannot be made
     */
    public static Path directory() throws IOException {
        Path directory = Files.createTempDirectory("jvmipc-demo-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            } catch (IOException alreadyGone) {
                return;
            }
        }));
        return directory;
    }
}
