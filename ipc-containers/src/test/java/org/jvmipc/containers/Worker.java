package org.jvmipc.containers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jvmipc.posix.IpcHome;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.testkit.CpuTime;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/**
 * A JVM in a container that does what lines tell it, one after the other, and answers each with one line: {@code ok}
 * and what came of it, or {@code failed} and the exception. The first word of a line is the command.
 */
final class Worker implements Peer {

    /** What a command does with the words behind it. */
    @FunctionalInterface
    interface Command {
        String run(String... words) throws Exception;
    }

    private final Map<String, Command> commands = new TreeMap<>();
    private final List<byte[]> heap = new ArrayList<>();

    @Override
    public void run(PeerContext context) throws Exception {
        commands.put("who", words -> who());
        commands.put("cpu", words -> Long.toString(CpuTime.ofThisThread().toMillis()));
        commands.put("list", words -> list(Path.of(words[0])));
        commands.put("eat", words -> eat(Integer.parseInt(words[0])));
        commands.put("exit", words -> exit(Integer.parseInt(words[0])));
        new ChannelCommands().addTo(commands);
        new SyncCommands().addTo(commands);
        new PoolCommands().addTo(commands);
        new SignalCommands(context).addTo(commands);
        context.say("ready");
        while (true) {
            String[] words = context.hear().split(" ");
            context.say(answer(words));
        }
    }

    private String answer(String[] words) {
        try {
            return ("ok " + commands.get(words[0]).run(Arrays.copyOfRange(words, 1, words.length))).trim();
        } catch (Exception | LinkageError e) {
            return ("failed " + e.getClass().getSimpleName() + ": " + e.getMessage()).replace('\n', ' ');
        }
    }

    private static String who() {
        ProcessIdentity self = ProcessIdentity.current();
        return "pid=" + self.pid() + " namespace=" + self.pidNamespace() + " uid=" + ProcessIdentity.effectiveUid()
                + " cpus=" + Runtime.getRuntime().availableProcessors() + " home=" + IpcHome.path();
    }

    /** What is in a directory, below it too, but for the life signs and the counters that go with them. */
    private static String list(Path directory) throws Exception {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).map(Path::toString)
                    .filter(name -> !Files.exists(Path.of(name.replace("/counters-", "/life-"))) || !isLifeSign(name))
                    .sorted().toList().toString();
        }
    }

    private static boolean isLifeSign(String name) {
        return name.contains("/life-") || name.contains("/counters-");
    }

    private String eat(int megabytes) {
        for (int i = 0; i < megabytes; i++) {
            byte[] more = new byte[1 << 20];
            Arrays.fill(more, (byte) i);
            heap.add(more);
        }
        return Integer.toString(heap.size());
    }

    private static String exit(int code) {
        System.exit(code);
        return "";
    }
}
