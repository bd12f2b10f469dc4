package org.jvmipc.process.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.Address;
import org.jvmipc.process.Program;

class GroupPlanTest {
    private static final Map<String, List<String>> PROCESSES = Map.of("source", List.of("source"),
            "worker", List.of("worker-1", "worker-2", "worker-3"), "sink", List.of("sink"));

    private static Wire wire(String from, String to, String address) {
        return Wire.of(0, new Join("", from, to, Address.parse(address)), PROCESSES, "g");
    }

    @Test
    void shouldMakeRingsOfTheKindThatTheEndsNeed() {
        assertEquals("shm:g-0?capacity=64k&ring=mpsc&producers=2",
                wire("source", "sink", "shm:?capacity=64k").receives().toString());
        assertEquals("shm:g-0?ring=mpsc&producers=4&peerDeath=wait", wire("worker", "sink", "shm:").sends().toString());
        assertEquals("shm:g-0?ring=mpmc&producers=2&consumers=6",
                wire("source", "worker", "shm:").receives().toString());
        assertEquals("shm:mine?ring=mpmc&producers=2&consumers=2",
                wire("source", "sink", "shm:mine?ring=mpmc").receives().toString());
        assertEquals("queue:/q?reader=sink", wire("source", "sink", "queue:/q").receives().toString());
        assertEquals(false, wire("source", "sink", "queue:/q").held());
        assertEquals("posixmq:g-0", wire("worker", "worker", "posixmq:").sends().toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "source | sink | shm:?ring=spsc | ring=spsc has room for one sender",
        "source | sink | shm:?ring=broadcast | leave out ring=",
        "source | worker | shm:?ring=mpsc | there are 3",
        "source | sink | shm:?keep=true | option keep is the group's to set",
        "source | sink | shm:?producers=2 | leave it out",
        "source | sink | fifo:/tmp/x | take shm:, queue:",
        "source | sink | unix:/tmp/x | goes with a process that dies",
        "source | sink | queue: | give a name behind \"queue:\"",
        "source | worker | queue:/q | each reader of a queue gets all messages"})
    void shouldRefuseWhatCannotOutliveAProcess(String from, String to, String address, String advice) {
        String message = assertThrows(IllegalArgumentException.class, () -> wire(from, to, address)).getMessage();
        assertTrue(message.contains(advice) && message.contains(from + " -> " + to), message);
    }

    @Test
    void shouldTellEachProcessItsEnds() {
        Map<String, String> properties = new TreeMap<>();
        Wire first = Wire.of(0, new Join("", "source", "worker", Address.parse("shm:")), PROCESSES, "g");
        Wire second = Wire.of(1, new Join("results", "worker", "sink", Address.parse("shm:")), PROCESSES, "g");
        Wires.describe(List.of(first, second), "g-board", "worker-2", properties);
        assertEquals(Map.of("ipc.process.board", "g-board",
                "ipc.process.in.source", "0 shm:g-0?ring=mpmc&producers=2&consumers=6",
                "ipc.process.out.results", "shm:g-1?ring=mpsc&producers=4&peerDeath=wait"),
                properties);
    }

    @Test
    void shouldRefuseWhatDoesNotGoTogether() {
        Program program = Program.of("Main");
        Join join = new Join("", "a", "b", Address.parse("shm:"));
        assertRefused("there is no process in the group", Map.of());
        assertRefused("there is no process \"b\"; there are [a]", Map.of("a", program), join);
        assertRefused("not joined to itself", Map.of("a", program), new Join("", "a", "a", Address.parse("shm:")));
        assertRefused("two channels by which a sends to b", Map.of("a", program, "b", program), join, join);
        assertRefused("two processes \"a-1\"", new TreeMap<>(Map.of("a", program.count(2), "a-1", program)));
        assertRefused("41 processes", Map.of("a", program.count(40), "b", program));
        new GroupPlan(Map.of("a", program, "b", program),
                List.of(join, new Join("other", "a", "b", Address.parse("shm:"))));
    }

    private static void assertRefused(String advice, Map<String, Program> programs, Join... joins) {
        String message = assertThrows(IllegalArgumentException.class,
                () -> new GroupPlan(programs, List.of(joins))).getMessage();
        assertTrue(message.contains(advice), message);
    }
}
