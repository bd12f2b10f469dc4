package org.jvmipc.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvmipc.cli.Main;
import org.jvmipc.testkit.ChildJvm;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * What more than two share: rings with several ends, a pool of blocks, a group that competes for messages; and what
 * the command {@code ipc}, run in one container, sees of the others. Every JVM is process 1 of its own PID namespace.
 */
@ContainerTest
final class SeveralContainersTest {

    private static Volumes volumes;
    private static String memory;
    private static String disk;
    private static JvmContainer one;
    private static JvmContainer two;

    @BeforeAll
    static void startTwo() {
        volumes = new Volumes();
        memory = volumes.inMemory(64);
        disk = volumes.onDisk();
        one = another();
        two = another();
    }

    @AfterAll
    static void endThem() {
        try {
            assertEquals("ok []", one.ask("list /dev/shm"), "nothing is left");
        } finally {
            two.close();
            one.close();
            volumes.close();
        }
    }

    private static JvmContainer another() {
        JvmContainer container = new ContainerSpec().volume(memory, "/dev/shm").volume(disk, "/data").start();
        container.expect("ready");
        return container;
    }

    @Test
    void shouldShareRingsAPoolAndAGroupAmongThree() {
        try (JvmContainer three = another()) {
            shouldBroadcast(three);
            shouldFanIn(three);
            shouldOpenPoolAndGroup(three);
            three.kill();
            assertEquals("ok 8 of 8", two.ask("drain p"), "what the dead one had is free");
            // One after the other, so that none of them is asked for more than there is.
            String again = two.ask("compete g 20 ack");
            assertEquals(range(10, 30), again, "what the dead one had taken comes again, and all that nobody took");
            assertEquals("ok 0", two.ask("depth g"));
            assertEquals("ok closed", two.ask("close-group g"));
            assertEquals("ok closed", one.ask("close q"));
            assertEquals("ok closed", one.ask("close-pool p"));
            assertEquals("ok closed", two.ask("close-pool p"));
        }
    }

    /** Each of two gets all. */
    private static void shouldBroadcast(JvmContainer three) {
        String ring = "b shm:b?ring=broadcast";
        assertEquals("ok open", two.ask("receiver " + ring));
        assertEquals("ok open", three.ask("receiver " + ring));
        assertEquals("ok open", one.ask("sender " + ring));
        one.send("send b 0 2000");
        three.send("receive b 0 2000");
        assertEquals("ok received 2000", two.ask("receive b 0 2000"));
        assertEquals("ok received 2000", three.expect(""));
        assertEquals("ok sent 2000", one.expect(""));
        for (JvmContainer container : List.of(one, two, three)) {
            assertEquals("ok closed", container.ask("close b"));
        }
    }

    /** One gets what two send, in the order of each. */
    private static void shouldFanIn(JvmContainer three) {
        String ring = "m shm:m?ring=mpmc";
        assertEquals("ok open", three.ask("receiver " + ring));
        assertEquals("ok open", one.ask("sender " + ring));
        assertEquals("ok open", two.ask("sender " + ring));
        one.send("send m 0 1000");
        two.send("send m 1000 1000");
        assertEquals("ok received 1000 and 1000", three.ask("receive-two m 1000"));
        assertEquals("ok sent 1000", one.expect(""));
        assertEquals("ok sent 1000", two.expect(""));
        for (JvmContainer container : List.of(one, two, three)) {
            assertEquals("ok closed", container.ask("close m"));
        }
    }

    private static void shouldOpenPoolAndGroup(JvmContainer three) {
        for (JvmContainer container : List.of(one, two, three)) {
            assertEquals("ok open", container.ask("pool p"));
        }
        String handle = one.ask("fill p 7").substring("ok ".length());
        assertEquals("ok has 7", three.ask("check p " + handle + " 7"));
        String stale = two.ask("check p " + handle + " 7");
        assertTrue(stale.startsWith("failed StaleHandleException"), stale);
        assertEquals("ok has 5", three.ask("loan p 5"));

        assertEquals("ok open", one.ask("sender q queue:/data/q"));
        assertEquals("ok open", two.ask("group g queue:/data/q?group=g"));
        assertEquals("ok open", three.ask("group g queue:/data/q?group=g"));
        assertEquals("ok sent 30", one.ask("send q 0 30"));
        assertEquals(range(0, 10), two.ask("compete g 10 ack"));
        assertEquals(range(10, 15), three.ask("compete g 5 keep"));
    }

    private static String range(int from, int to) {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (int i = from; i < to; i++) {
            numbers.add(i);
        }
        return "ok " + numbers;
    }

    /** A consumer that stands still, seen from the container of another. */
    @Test
    void shouldSeeTheChannelsOfOthersByTheCommandIpc() {
        try (JvmContainer three = another()) {
            assertEquals("ok open", three.ask("receiver t shm:seen"));
            assertEquals("ok open", one.ask("sender t shm:seen"));
            assertEquals("ok open", one.ask("lock seen-lock"));
            assertEquals("ok open", three.ask("lock seen-lock"));
            assertEquals("ok acquired", three.ask("acquire seen-lock 1000"));
            three.pause(true);
            assertEquals("ok trickles", one.ask("trickle t"));

            Map<String, Object> ring = named("shm:seen", ipc("ls", "--json"));
            assertEquals("in use", ring.get("state"));
            assertEquals("alive", peer(ring, "consumer").get("presence"), ring::toString);
            assertEquals(1, peer(ring, "consumer").get("pid"), "its number in its own PID namespace");
            List<Map<String, Object>> top = ipc("top", "-n", "2", "-d", "200ms", "--json", "shm:seen");
            Map<String, Object> last = top.get(top.size() - 1);
            assertTrue(number(last, "growthBytes") > 0, last::toString);
            assertTrue(number(last, "inBytesPerSecond") > 0, last::toString);
            assertEquals(0, number(last, "outBytesPerSecond"), last::toString);
            assertTrue(ipc("locks", "--json").toString().contains("seen-lock"));
            ipc("clean", "--match", "seen", "--json");
            assertEquals("in use", named("shm:seen", ipc("ls", "--json")).get("state"), "nothing of who lives goes");

            three.kill();
            Map<String, Object> after = named("shm:seen", ipc("ls", "--json"));
            assertEquals("dead", peer(after, "consumer").get("presence"), after::toString);
            assertEquals("alive", peer(after, "producer").get("presence"), after::toString);
            assertEquals("ok after a death", one.ask("acquire seen-lock 5000"));
            assertEquals("ok released", one.ask("release seen-lock"));
            assertEquals("ok closed", one.ask("close-sync"));
            assertEquals("ok closed", one.ask("close t"));
        }
    }

    private static double number(Map<String, Object> row, String name) {
        return ((Number) row.get(name)).doubleValue();
    }

    /** What the command prints, when it runs in the second container. */
    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> ipc(String... words) {
        try (ExecJvm command = two.exec(ContainerSpec.Program.of(
                ChildJvm.of(Main.class).args((Object[]) words), "ipc"))) {
            Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
            return Arrays.stream(command.outputOfSuccess().split("\n"))
                    .map(line -> (Map<String, Object>) yaml.load(line)).filter(Objects::nonNull)
                    .collect(Collectors.toList());
        }
    }

    private static Map<String, Object> named(String name, List<Map<String, Object>> objects) {
        return objects.stream().filter(each -> name.equals(each.get("name"))).findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + objects));
    }

    private static Map<?, ?> peer(Map<String, Object> object, String role) {
        return ((List<?>) object.get("peers")).stream().map(each -> (Map<?, ?>) each)
                .filter(each -> role.equals(each.get("role"))).findFirst()
                .orElseThrow(() -> new AssertionError("no " + role + " in " + object));
    }
}
