package org.jvmipc.demos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.demos.chat.Chat;
import org.jvmipc.demos.graceful.Graceful;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Runs each demo as its users do, in processes of its own. */
@Timeout(60)
class DemosTest {
    private static final List<String> FOR_QUEUES = List.of("--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            Runtime.version().feature() < 23 ? "-Xshare:auto" : "--sun-misc-unsafe-memory-access=allow");

    /** What came of a demo; its process has ended. */
    record Outcome(long pid, int exit, String output, String errors) {
        List<String> lines() {
            return output.lines().toList();
        }
    }

    @Test
    void shouldChatInBothDirectionsAndNoticeTheOtherHangUp(@IpcDir IpcScope scope) {
        Path socket = scope.path("chat");
        try (ChildJvm ann = ChildJvm.of(Chat.class).args(socket).start()) {
            ann.expect("waiting for the other side");
            try (ChildJvm bob = ChildJvm.of(Chat.class).args(socket).start()) {
                bob.expect("connected");
                ann.expect("connected");
                ann.send("hello Bob");
                bob.expect("> hello Bob");
                bob.send("hello Ann");
                bob.send("how are you?");
                ann.expect("> hello Ann");
                ann.expect("> how are you?");
            }
            ann.expect("the other side has hung up");
            assertEquals(0, ann.awaitExit());
        }
        assertFalse(Files.exists(socket), "the socket was left behind");
    }

    @Test
    void shouldMakeLinesOutOfCharactersInThreeProcesses(@IpcDir IpcScope scope) throws Exception {
        Outcome outcome = run(scope, "one ** two\n*** three*", "pipeline", "8");
        assertEquals(0, outcome.exit, outcome.errors);
        assertEquals(List.of("one ↑ tw", "o ↑* thr", "ee*"), outcome.lines());
        assertEquals("", outcome.errors);
    }

    @Test
    void shouldRefuseLinesOfNoWidth(@IpcDir IpcScope scope) throws Exception {
        Outcome outcome = run(scope, "", "pipeline", "0");
        assertEquals(1, outcome.exit);
        assertTrue(outcome.errors.contains("WIDTH is \"0\"; give a number from 1"), outcome.errors);
    }

    @Test
    void shouldCopyAFileAndShowTheSameChecksumTwice(@IpcDir IpcScope scope) throws Exception {
        byte[] content = new byte[3_000_001];
        new Random(7).nextBytes(content);
        Path from = Files.write(scope.path("from"), content);
        Path to = scope.path("to");
        scope.mayLeave(from);
        scope.mayLeave(to);
        Outcome outcome = run(scope, "", "copy", from.toString(), to.toString());
        assertEquals(0, outcome.exit, outcome.errors);
        assertArrayEquals(content, Files.readAllBytes(to));
        List<String> sums = outcome.lines().stream().map(line -> line.replaceAll("^\\w+ +|  /.*", "")).toList();
        assertEquals(2, sums.size(), outcome.output);
        assertTrue(sums.get(0).startsWith("3000001 bytes, SHA-256 "), outcome.output);
        assertEquals(sums.get(0), sums.get(1));
    }

    @Test
    void shouldNotOverwriteAFileNorHang(@IpcDir IpcScope scope) throws Exception {
        Path from = Files.write(scope.path("from"), new byte[1 << 20]);
        Path to = Files.writeString(scope.path("to"), "precious");
        scope.mayLeave(from);
        scope.mayLeave(to);
        Outcome outcome = run(scope, "", "copy", from.toString(), to.toString());
        assertNotEquals(0, outcome.exit);
        assertTrue(outcome.errors.contains("to exists already; remove it"), outcome.errors);
        assertEquals("precious", Files.readString(to));
    }

    @Test
    void shouldReceiveTheMostUrgentFirst(@IpcDir IpcScope scope) throws Exception {
        Outcome outcome = run(scope, "", "priorities");
        assertEquals(0, outcome.exit, outcome.errors);
        List<String> received = outcome.lines().stream().filter(line -> line.contains("received"))
                .map(line -> line.replaceAll(".*: ", "")).toList();
        assertEquals(List.of("door is open", "disk 80 % full", "disk 90 % full", "monthly report", "weekly report",
                "daily report"), received, outcome.output);
        assertEquals("", outcome.errors);
    }

    @Test
    void shouldLoseNoJobWithAWorkerThatIsKilled(@IpcDir IpcScope scope) throws Exception {
        Outcome outcome = run(scope, FOR_QUEUES, "", "worker-pool", "120");
        assertEquals(0, outcome.exit, outcome.errors);
        assertTrue(outcome.output.contains("killed worker"), outcome.output);
        assertTrue(outcome.output.contains("120 jobs, 120 of them done"), outcome.output);
        assertEquals("", outcome.errors);
    }

    @Test
    void shouldReplayEventsAndFollow(@IpcDir IpcScope scope) throws Exception {
        Outcome outcome = run(scope, FOR_QUEUES, "", "event-log", "50");
        assertEquals(0, outcome.exit, outcome.errors);
        assertEquals(List.of("50 events are written, and nobody has read any",
                "the late reader has replayed 50 events",
                "the late reader has replayed 100 events, the last ones as they came",
                "a reader who leaves in the middle: events 0 to 49, events 50 to 99"), outcome.lines());
        assertEquals("", outcome.errors);
    }

    @Test
    void shouldCarryTheSameByRecordsAndSbeAndProtobuf(@IpcDir IpcScope scope) throws Exception {
        List<String> flags = new ArrayList<>(FOR_QUEUES);
        flags.add("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
        Outcome outcome = run(scope, flags, "", "codecs", "1000");
        assertEquals(0, outcome.exit, outcome.errors);
        assertTrue(outcome.lines().get(0).startsWith("refused: ") && outcome.output.contains("google.protobuf.Struct"),
                outcome.output);
        assertEquals(List.of("record: 1000 quotes in 20000 bytes, the last one ACME at 12999",
                "SBE: 1000 quotes in 28000 bytes, the last one ACME at 12999",
                "Protobuf: 1000 quotes in 57000 bytes, the last one ACME at 12999"), outcome.lines().subList(1, 4));
        assertEquals("", outcome.errors);
    }

    @Test
    void shouldTellThatItCannotReloadWhereHupIsIgnored(@IpcDir IpcScope scope) throws Exception {
        Outcome outcome = runUnder(List.of("env", "--ignore-signal=HUP"), scope, List.of(), "", "reload", "50");
        assertEquals(1, outcome.exit);
        assertTrue(outcome.errors.contains("HUP is ignored here") && outcome.errors.contains(
                "env --default-signal=HUP ./ipc run reload 50"), outcome.errors);
        assertEquals("", outcome.output);
    }

    @Test
    void shouldReloadUponHupAndLoseNoMessage(@IpcDir IpcScope scope) throws Exception {
        Outcome outcome = run(scope, "", "reload", "50");
        assertEquals(0, outcome.exit, outcome.errors);
        List<String[]> answers = outcome.lines().stream().map(line -> line.split(" ")).toList();
        for (int i = 0; i < answers.size(); i++) {
            assertEquals(String.valueOf(i), answers.get(i)[1]);
        }
        List<String> greetings = answers.stream().map(answer -> answer[0]).toList();
        assertEquals(List.of("hello", "welcome", "goodbye"), greetings.stream().distinct().toList());
        for (String greeting : List.of("hello", "welcome", "goodbye")) {
            int first = greetings.indexOf(greeting);
            int last = greetings.lastIndexOf(greeting);
            assertTrue(last - first + 1 >= 50, outcome.output);
            assertEquals(1, greetings.subList(first, last + 1).stream().distinct().count(), "back to an old word");
        }
    }

    @Test
    void shouldTellItsCountersUponUsr1(@IpcDir IpcScope scope) throws Exception {
        Outcome outcome = run(scope, "", "stats", "20");
        assertEquals(0, outcome.exit, outcome.errors);
        assertEquals(List.of("SIGUSR1: received 20, waiting 0", "SIGUSR1: received 40, waiting 0",
                "SIGUSR1: received 60, waiting 0"), outcome.lines());
    }

    @Test
    void shouldWatchThreeStationsAtATimeAndNoticeThatOneCrashes(@IpcDir IpcScope scope) throws Exception {
        Outcome outcome = run(scope, "", "watch", "10");
        assertEquals(0, outcome.exit, outcome.errors);
        List<String> lines = outcome.lines();
        assertTrue(lines.contains("the third station ended with exit code 3"), outcome.output);
        for (int station = 1; station <= 3; station++) {
            assertTrue(lines.contains("station " + station + " has left"), outcome.output);
        }
        assertTrue(lines.get(lines.size() - 1)
                .startsWith("received 10 by the ring, 10 by the socket, 6 by the FIFO; mean "), outcome.output);
        assertEquals("", outcome.errors);
    }

    @Test
    void shouldLoseNoLineOfAPipelineOfWhichAStageIsKilled(@IpcDir IpcScope scope) throws Exception {
        Outcome outcome = run(scope, "", "filters", "1000");
        assertEquals(0, outcome.exit, outcome.output + outcome.errors);
        List<String> lines = outcome.lines();
        assertTrue(lines.contains("[printer] 1 1 REBMUN ENIL"), outcome.output);
        assertTrue(lines.contains("[printer] 1000 0001 REBMUN ENIL"), outcome.output);
        assertTrue(lines.contains("[printer] 1000 of 1000 lines have come, 1 of them twice"), outcome.output);
        assertEquals(1, lines.stream().filter(line -> line.matches("upper .* was killed by SIGKILL")).count());
        assertEquals(5, lines.stream().filter(line -> line.contains(" started")).count(), outcome.output);
        assertEquals("the group has ended clean", lines.get(lines.size() - 1));
        assertEquals("", outcome.errors);
    }

    @Test
    void shouldCollectAllResultsAlthoughAWorkerIsKilled(@IpcDir IpcScope scope) throws Exception {
        Outcome outcome = run(scope, "", "fan", "600");
        assertEquals(0, outcome.exit, outcome.output + outcome.errors);
        assertTrue(outcome.output.contains("[results] 600 of 600 jobs are done, 0 of them twice: {worker-1="),
                outcome.output);
        assertEquals(1, outcome.lines().stream()
                .filter(line -> line.matches("worker-2 .* was killed by SIGKILL")).count(), outcome.output);
        assertEquals("", outcome.errors);
    }

    @Test
    void shouldConsumeWhatWasProduced(@IpcDir IpcScope scope) throws Exception {
        Outcome outcome = run(scope, "", "producer-consumer", "2", "1", "20000");
        assertEquals(0, outcome.exit, outcome.output + outcome.errors);
        assertTrue(outcome.output.contains("[total] 40000 items, which sum up to 400020000: all of them"),
                outcome.output);
        assertEquals("", outcome.errors);
    }

    @Test
    void shouldPlayPingPongBySignals(@IpcDir IpcScope scope) throws Exception {
        Outcome outcome = run(scope, "", "ping-pong", "100");
        assertEquals(0, outcome.exit, outcome.errors);
        assertTrue(outcome.output.contains("100 rounds, the last number is 201, "), outcome.output);
        assertEquals("", outcome.errors);
    }

    @Test
    void shouldEndItsWorkersInOrder() {
        try (ChildJvm supervisor = ChildJvm.of(Graceful.class).args("polite", "polite", "stubborn").start()) {
            for (int i = 0; i < 4; i++) {
                supervisor.expect(Pattern.compile("worker works$|^supervisor"), ChildJvm.PATIENCE);
            }
            supervisor.terminate();
            supervisor.expect("2 ended, 1 had to be killed");
            assertEquals(0, supervisor.awaitExit());
            List<String> lines = supervisor.output().lines().toList();
            assertEquals(2, lines.stream().filter("polite worker tidies up"::equals).count(), supervisor.output());
            assertEquals(2, lines.stream().filter(line -> line.matches("polite process \\d+ exited with 0")).count(),
                    supervisor.output());
            assertTrue(lines.stream().anyMatch(line -> line.matches("stubborn process \\d+ was killed by SIGKILL")),
                    supervisor.output());
        }
    }

    @Test
    void shouldShowWhatOthersSeeOfWhatGoesWrong(@IpcDir IpcScope scope) throws Exception {
        Outcome outcome = run(scope, FOR_QUEUES, "", "crash-lab", "kill", "stop", "full-disk", "truncate");
        assertEquals(0, outcome.exit, outcome.output + outcome.errors);
        List<String> expected = List.of(
                "--- kill: .*", "  event: JOINED, pid .*", "  kill -9 \\d+", "  event: DIED, pid .*",
                "  receive: message 1, message 2, message 3, then END; .*", "  send: PeerDiedException: .*",
                "  lock: OwnerDiedException: .*", "  acquire: held, .*",
                "  permits: 1 of 2, 1 given back of the dead one, so 2 of 2",
                "  blocks of the pool: 3 of 4 free, 1 reclaimed, so 4 of 4",
                "--- stop: .*", "  kill -STOP \\d+", "  sent 10, of which 9 wait", "  send: IpcTimeoutException: .*",
                "  acquire: IpcTimeoutException: .*", "    .*ring spsc, 1\\d messages: .*STOPPED.*",
                "  kill -CONT \\d+",
                "  the receiver has got (\\d+) of \\1 messages, and given the lock back: true",
                "--- full-disk: .*", "  a ring of 8 MiB: NoSpaceException: .*",
                "  nothing of it was left; a ring of 64 KiB finds room",
                "--- truncate: .*", "  open: SegmentCorruptedException: .*", "  to cut it off: IOException: .*",
                "  that process (has met it|was ended).*");
        List<String> lines = outcome.lines();
        int at = 0;
        for (String line : expected) {
            while (at < lines.size() && !lines.get(at).matches(line)) {
                at++;
            }
            assertTrue(at < lines.size(), () -> "no line " + line + " in its place:\n" + outcome.output);
        }
        // The toolkit tells the log what it had to take from the dead, and that rings to be cut off are on a disk.
        String told = ".*org\\.jvmipc\\.spi\\.Log log|INFO: .*|WARNING: .*-(cut|used) is on a file system of type .*";
        assertEquals(List.of(), outcome.errors.lines().filter(line -> !line.matches(told)).toList());
    }

    @Test
    void shouldAskWhatIsToGoWrong(@IpcDir IpcScope scope) throws Exception {
        Outcome outcome = run(scope, "fire\nq\n", "crash-lab");
        assertEquals(0, outcome.exit, outcome.errors);
        assertTrue(outcome.lines().contains("\"fire\" is none of these"), outcome.output);
        assertEquals(2, outcome.lines().stream().filter("What is to go wrong?"::equals).count(), outcome.output);
        assertEquals(1, run(scope, "", "crash-lab", "fire").exit);
    }

    @Test
    void shouldTellItsUsage(@IpcDir IpcScope scope) throws Exception {
        Outcome outcome = run(scope, "", "dance");
        assertEquals(2, outcome.exit);
        assertTrue(outcome.errors.contains("chat SOCKET"), outcome.errors);
    }

    static Outcome run(IpcScope scope, String input, String... args) throws Exception {
        return run(scope, List.of(), input, args);
    }

    private static Outcome run(IpcScope scope, List<String> flags, String input, String... args) throws Exception {
        // Whoever started the tests may have had signals ignored, as nohup does.
        return runUnder(List.of("env", "--default-signal=HUP,INT"), scope, flags, input, args);
    }

    private static Outcome runUnder(List<String> wrapper, IpcScope scope, List<String> flags, String input,
            String... args) throws Exception {
        Path in = Files.writeString(scope.path("input"), input);
        Path out = scope.path("output");
        Path err = scope.path("errors");
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED", "-Djava.io.tmpdir=" + scope.dir()));
        command.addAll(flags);
        command.addAll(List.of("-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Demos.class.getName()));
        command.addAll(Arrays.asList(args));
        Process process = new ProcessBuilder(command)
                .redirectInput(in.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            assertTrue(process.waitFor(40, TimeUnit.SECONDS), () -> "the demo hangs: " + read(err));
            return new Outcome(process.pid(), process.exitValue(), read(out), read(err));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            for (Path file : List.of(in, out, err)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
