package org.jvmipc.mq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.openhft.chronicle.queue.main.DumpMain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Ipc;
import org.jvmipc.NoSpaceException;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.ChildJvmBuilder;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Processes that use persistent queues are killed, and disks fill up. */
@ExtendWith(PersistentThreads.class)
final class PersistentFaultTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String[] ZOMBIE = {"sh", "-c", "exec 3<&0; \"$@\" <&3 & exec sleep 100", "sh"};
    private static final String[] NAMESPACE = {"unshare", "--pid", "--fork", "--kill-child", "--mount-proc"};

    @IpcDir
    private IpcScope scope;

    private String address() {
        return Subjects.persistent(scope, "q").toString().replaceFirst("\\?.*", "");
    }

    private static ChildJvmBuilder peer(String... args) {
        return ChildJvm.of(PersistentPeer.class).args((Object[]) args);
    }

    private static List<String> all(Receiver receiver) {
        List<String> found = new ArrayList<>();
        for (Received next = receiver.tryReceive(); next.isMessage(); next = receiver.tryReceive()) {
            found.add(next.text());
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "zombie", "namespace", "alone"})
    void shouldGoOnSoonAfterAWriterDiedInsideAMessage(String how) throws Exception {
        String address = address();
        ChildJvmBuilder child = peer("inside", address);
        if (how.equals("zombie")) {
            child.wrapper(ZOMBIE);
        } else if (how.equals("namespace")) {
            assumeTrue(run("unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "true") == 0,
                    "no right to make a PID namespace");
            child.wrapper(NAMESPACE);
        }
        ChildJvm writer = scope.track(child.start());
        writer.expect("inside");
        if (how.equals("alone")) {
            // Nobody is left who could tell of it but the files.
            writer.kill();
            writer.awaitDeath(LONG);
        }
        try (Sender sender = how.equals("alone") ? null : Ipc.sender(address);
                Receiver receiver = how.equals("alone") ? null : Ipc.receiver(address)) {
            if (sender != null) {
                writer.kill();
                long killed = System.nanoTime();
                sender.send(QueuePeer.bytes("short"));
                long delay = Duration.ofNanos(System.nanoTime() - killed).toMillis();
                assertTrue(delay <= 2000, "delayed by " + delay + " ms");
                assertEquals(how.equals("zombie"), how.equals("zombie") && ProcessHandle.of(writer.pid()).isPresent());
                assertEquals(List.of("done", "short"), all(receiver));
            }
        }
        try (Sender again = Ipc.sender(address); Receiver fresh = Ipc.receiver(address)) {
            again.send(QueuePeer.bytes("after"));
            again.send(ByteBuffer.wrap(new byte[9000]));
            again.send(QueuePeer.bytes("end"));
            List<String> found = all(fresh);
            assertEquals("done", found.get(0));
            assertEquals(List.of("after", "\0".repeat(9000), "end"), found.subList(found.size() - 3, found.size()));
            assertEquals(how.equals("alone") ? 4 : 5, found.size());
        }
    }

    @Test
    void shouldKeepAllThatWasAcknowledgedByWritersThatAreKilled() throws Exception {
        String address = address();
        List<ChildJvm> writers = new ArrayList<>();
        try (Receiver tail = Ipc.receiver(address + "?reader=tail")) {
            for (int i = 0; i < 4; i++) {
                String sync = List.of("", "?sync=none", "?sync=each", "?sync=interval&syncInterval=1ms").get(i);
                ChildJvm writer = scope.track(peer("produce", address + sync, "w" + i).start());
                writer.expect("sent " + 100 * i);
                writer.kill();
                writer.awaitDeath(LONG);
                writers.add(writer);
            }
            try (Sender last = Ipc.sender(address)) {
                last.send(QueuePeer.bytes("last 0"));
            }
            List<String> found = all(tail);
            assertEquals("last 0", found.get(found.size() - 1));
            for (int i = 0; i < writers.size(); i++) {
                String name = "w" + i + " ";
                long acknowledged = writers.get(i).output().lines().filter(line -> line.startsWith("sent ")).count();
                List<String> mine = found.stream().filter(text -> text.startsWith(name)).toList();
                assertTrue(mine.size() >= acknowledged, () -> mine.size() + " of " + acknowledged + " are there");
                List<String> inOrder = Stream.iterate(0, n -> n < mine.size(), n -> n + 1).map(n -> name + n).toList();
                assertEquals(inOrder, mine);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"at-least-once", "at-most-once"})
    void shouldDeliverAgainOrNotWhatAKilledReaderHad(String delivery) throws Exception {
        String address = address();
        String reader = address + "?reader=r&delivery=" + delivery;
        ChildJvm child = scope.track(peer("take", reader).start());
        child.expect("ready");
        try (Sender sender = Ipc.sender(address)) {
            for (int i = 0; i < 5; i++) {
                sender.send(QueuePeer.bytes("" + i));
            }
            for (int i = 0; i < 3; i++) {
                child.send("take");
                child.expect("took " + i);
            }
            org.jvmipc.AccessRefusedException taken = assertThrows(org.jvmipc.AccessRefusedException.class,
                    () -> Ipc.receiver(reader));
            assertTrue(taken.getMessage().contains("pid " + child.pid()), taken.getMessage());
            child.kill();
            child.awaitDeath(LONG);
            try (Receiver next = Ipc.receiver(reader)) {
                assertEquals(delivery.equals("at-least-once") ? List.of("2", "3", "4") : List.of("3", "4"), all(next));
            }
        }
    }

    @Test
    void shouldSayThatTheDiskIsFullAndGoOnWhenItIsNot() throws Exception {
        assumeTrue((int) Files.getAttribute(scope.dir(), "unix:uid") == 0, "only root can mount");
        Path mount = Files.createDirectory(scope.path("mount"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", mount.toString()) == 0,
                "mounting is not allowed here");
        try {
            Path other = Files.write(mount.resolve("other"), new byte[1 << 20]);
            String address = "queue:" + mount.resolve("q");
            byte[] message = new byte[10_000];
            try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address)) {
                int sent = 0;
                NoSpaceException full = null;
                while (full == null) {
                    ByteBuffer next = ByteBuffer.wrap(message);
                    try {
                        sender.send(next);
                        sent++;
                        assertTrue(sent < 1000, "the disk cannot hold that");
                    } catch (NoSpaceException e) {
                        full = e;
                        assertTrue(next.hasRemaining(), "nothing was sent");
                    }
                }
                assertTrue(full.path().endsWith(".cq4"), full.getMessage());
                assertTrue(sent > 100, "after " + sent);
                assertThrows(NoSpaceException.class, () -> sender.send(ByteBuffer.wrap(message)));
                assertThrows(NoSpaceException.class, () -> Ipc.sender("queue:" + mount.resolve("another")));
                for (int i = 0; i < sent; i++) {
                    assertEquals(message.length, receiver.receive(LONG).message().length());
                }
                assertEquals(Received.EMPTY, receiver.tryReceive());
                Files.delete(other);
                sender.send(QueuePeer.bytes("room again"));
                assertEquals("room again", receiver.receive(LONG).text());
            }
        } finally {
            assertEquals(0, run("umount", "-l", mount.toString()));
        }
        Files.delete(mount);
    }

    @Test
    void shouldSayThatTheDiskIsFullBehindALongMessageOfThoseBefore() throws Exception {
        assumeTrue((int) Files.getAttribute(scope.dir(), "unix:uid") == 0, "only root can mount");
        Path mount = Files.createDirectory(scope.path("mount"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", mount.toString()) == 0,
                "mounting is not allowed here");
        try {
            String address = "queue:" + mount.resolve("q");
            byte[] first = new byte[3 << 20];
            byte[] second = new byte[3 << 19];
            try (Sender sender = Ipc.sender(address)) {
                sender.send(ByteBuffer.wrap(first));
            }
            long free = Files.getFileStore(mount).getUsableSpace();
            Path other = Files.write(mount.resolve("other"), new byte[Math.toIntExact(free) - (256 << 10)]);
            try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address)) {
                assertThrows(NoSpaceException.class, () -> sender.send(ByteBuffer.wrap(second)));
                Files.delete(other);
                sender.send(ByteBuffer.wrap(second));
                assertEquals(first.length, receiver.receive(LONG).message().length());
                assertEquals(second.length, receiver.receive(LONG).message().length());
            }
        } finally {
            assertEquals(0, run("umount", "-l", mount.toString()));
        }
        Files.delete(mount);
    }

    /** At each limit something is too large: the life sign, the state, the table, the group's file, the messages'. */
    @Test
    void shouldNameTheLimitOfTheProcessWhereSpaceIsNotWhatItLacks() throws Exception {
        Tools.require("prlimit");
        ChildJvm child = scope.track(peer("limited", address()).jvmArgs("-XX:-UsePerfData").start());
        child.expect("ready");
        Path directory = Path.of(address().substring("queue:".length()));
        limit(child, "100");
        String first = child.expect("refused: ");
        assertTrue(first.contains("EFBIG") && first.contains("ulimit -f"), first);
        for (long limit : new long[] {1000, 100_000, 2_000_000, 20_000_000}) {
            limit(child, "" + limit);
            String told = child.expect(limit + " no space for ");
            assertTrue(told.contains("no file larger than " + limit + " (RLIMIT_FSIZE)"), told);
            assertTrue(told.contains("ulimit -f"), told);
            try (Stream<Path> files = Files.exists(directory) ? Files.list(directory) : Stream.empty()) {
                assertEquals(List.of(), files.filter(file -> file.toString().endsWith(".cq4")).toList());
            }
        }
        List<String> files = child.output().lines().filter(line -> line.startsWith("file: ")).toList();
        assertEquals(4, files.size(), "each way to make one, at the lowest limits");
        assertTrue(files.stream().allMatch(line -> line.matches("file: 1000? no space for .*RLIMIT_FSIZE.*")),
                files::toString);
        limit(child, "unlimited");
        child.expect("sent, 1");
        child.send("end");
        assertEquals(0, child.awaitExit(LONG), child::errors);
    }

    /** Has a process open a queue and send, with a limit. */
    private static void limit(ChildJvm child, String bytes) throws Exception {
        assertEquals(0, run("prlimit", "--pid=" + child.pid(), "--fsize=" + bytes + ":"));
        child.send("send");
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    @Test
    void shouldBeReadByChroniclesOwnTools() throws Exception {
        String address = address();
        try (Sender sender = Ipc.sender(address); Sender delayed = Ipc.sender(address + "?delay=5s")) {
            sender.send(QueuePeer.bytes("plain text"));
            delayed.send(QueuePeer.bytes("later"));
        }
        try (ChildJvm dump = ChildJvm.of(DumpMain.class).args(address.substring("queue:".length())).start()) {
            assertEquals(0, dump.awaitExit(LONG), dump::errors);
            String output = dump.output();
            assertTrue(output.contains("n: 0") && output.contains("n: 1"), output);
            assertTrue(output.contains("plain text") || output.contains("cGxhaW4gdGV4dA=="), output);
            assertTrue(output.contains("\nd: "), output);
        }
    }

    @Test
    void shouldSayWhichFlagsAreMissing() throws Exception {
        String address = address();
        List<String> command = new ArrayList<>(peer("try", address, scope.name("other")).command());
        command.removeIf(argument -> argument.startsWith("--add-") || argument.startsWith("--sun-misc"));
        Process child = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(child.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, child.waitFor(), output);
        assertTrue(output.startsWith("refused queue: needs"), output);
        for (String part : new String[] {"--add-opens=java.base/java.lang.reflect=ALL-UNNAMED", "<argLine>",
            "JDK_JAVA_OPTIONS=", "Add-Opens: java.base/java.lang.reflect"}) {
            assertTrue(output.contains(part), output);
        }
        assertTrue(output.contains("the other opened"), output);
        assertFalse(Files.exists(Path.of(address.substring("queue:".length()))), "no file is left");
    }

    /**
     * A process that does all that one does with queues, without any network, its home empty, and nothing but its own
     * directories to write to. The kernel counts what it wants to send although there is no way.
     */
    @Test
    void shouldSendNothingAnywhereAndWriteNothingElsewhere() throws Exception {
        assumeTrue(run("unshare", "--net", "--mount", "true") == 0, "no right to make namespaces");
        Path work = Files.createDirectory(scope.path("work"));
        Path home = Files.createDirectory(scope.path("home"));
        String prepare = "for at in $(cut -d ' ' -f 5 /proc/self/mountinfo); do"
                + " mount -o remount,ro,bind $at 2>/dev/null; done; for at in " + work + " " + home + "; do"
                + " mount --bind $at $at && mount -o remount,rw,bind $at || exit 9; done;"
                + " touch /jvmipc 2>/dev/null && exit 9; cd " + work + "; exec \"$@\"";
        ChildJvm child = scope.track(peer("alone", "queue:" + work.resolve("q"), "queue:" + work.resolve("dead"))
                .wrapper("unshare", "--net", "--mount", "sh", "-c", prepare, "sh")
                .jvmArgs("-XX:-UsePerfData", "-Djava.io.tmpdir=" + work, "-Duser.home=" + home)
                .env("HOME", home.toString()).env("IPC_HOME", work.resolve("ipc").toString()).start());
        child.expect("worked", LONG);
        child.expect("counted 0", LONG);
        // So that it is known to count.
        child.expect("refused", LONG);
        assertEquals(0, child.awaitExit(LONG), child::errors);
        long after = child.output().lines().filter(line -> line.startsWith("then ")).findFirst()
                .map(line -> Long.parseLong(line.substring(5))).orElseThrow();
        assertTrue(after > 0, "the kernel counts");
        try (Stream<Path> files = Files.list(home)) {
            assertEquals(List.of(), files.toList());
        }
        try (Stream<Path> left = Files.walk(work)) {
            for (Path each : left.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
        Files.delete(home);
    }

    @Test
    void shouldHaveNothingOnTheClassPathThatSendsAnythingAnywhere() {
        for (String absent : new String[] {"net.openhft.chronicle.analytics.Analytics", "com.sun.jna.Native"}) {
            assertThrows(ClassNotFoundException.class, () -> Class.forName(absent));
        }
        Ipc.sender(address()).close();
        assertEquals("true", System.getProperty("chronicle.analytics.disable"));
        assertEquals("NEVER", System.getProperty("queue.force.unlock.mode"));
        assertFalse(Files.exists(Path.of(System.getProperty("user.home"), ".chronicle.analytics.client.id")));
    }
}
