package org.jvmipc.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Signals need one PID namespace. It is that of a container which does nothing (the anchor), as the kernel kills all
 * who are in it when its process 1 ends; and process 1 cannot be killed from within.
 */
@ContainerTest
final class SharedPidNamespaceTest {

    private static final Pattern PID = Pattern.compile("pid=(\\d+) namespace=(\\d+)");

    private static Matcher who(JvmContainer container) {
        Matcher who = PID.matcher(container.ask("who"));
        assertTrue(who.find());
        return who;
    }

    private static JvmContainer joined(JvmContainer anchor) {
        String namespace = "container:" + anchor.id();
        JvmContainer container = new ContainerSpec().ipc(namespace).pid(namespace).start();
        container.expect("ready");
        return container;
    }

    @Test
    void shouldSendSignalsBetweenContainers() {
        try (JvmContainer anchor = new ContainerSpec().ipc("shareable").start();
                JvmContainer one = joined(anchor); JvmContainer two = joined(anchor)) {
            anchor.expect("ready");
            Matcher here = who(one);
            Matcher there = who(two);
            assertEquals(here.group(2), there.group(2));
            assertFalse(here.group(1).equals("1") || there.group(1).equals("1"), "process 1 is the anchor");

            // Messages by signals: the receiver becomes a JVM that has them blocked from its start.
            two.send("relaunch RTMIN+1");
            two.expect("ready");
            assertEquals("ok open", two.ask("receiver q signal:self?signal=RTMIN+1"));
            assertEquals("ok open", one.ask("sender q signal:" + there.group(1) + "?signal=RTMIN+1"));
            assertEquals("ok sent 20 integers", one.ask("send-integers q 20"));
            assertEquals("ok received 20 integers", two.ask("receive-integers q 20"));
            assertEquals("ok closed", two.ask("close q"));

            assertEquals("ok handled", two.ask("handle HUP"));
            assertEquals("ok sent", one.ask("kill " + there.group(1) + " HUP"));
            two.expect("got");

            // In one namespace a spinning side knows a death by the number and start time.
            String ring = "r shm:ring?wait=spin";
            assertEquals("ok open", one.ask("receiver " + ring));
            assertEquals("ok open", two.ask("sender " + ring));
            assertEquals("ok sent 3", two.ask("send r 0 3"));
            assertEquals("ok watches", one.ask("watch " + there.group(1)));
            assertEquals("ok sent", one.ask("kill " + there.group(1) + " KILL"));
            assertEquals(137, two.awaitExit());
            assertEquals("gone " + there.group(1), one.expect(""));
            assertEquals("ok received 3", one.ask("receive r 0 3"));
            assertEquals("ok END", one.ask("next r 5000"));
            String gone = one.ask("kill " + there.group(1) + " HUP");
            assertTrue(gone.startsWith("failed NoSuchProcessException"), gone);
            String late = one.ask("send-integers q 1");
            assertTrue(late.startsWith("failed PeerGoneException"), late);
            assertEquals("ok closed", one.ask("close q"));
            assertTrue(anchor.ask("who").startsWith("ok pid=1 "), "no other death came of that one");
            assertEquals("ok closed", one.ask("close r"));

            // A second JVM in a container is one more process of the same namespaces.
            try (ExecJvm beside = anchor.exec(ContainerSpec.Program.worker())) {
                beside.expect("ready");
                assertEquals("ok open", one.ask("receiver e shm:exec"));
                assertEquals("ok open", beside.ask("sender e shm:exec"));
                assertEquals("ok sent 3", beside.ask("send e 0 3"));
                assertEquals("ok received 3", one.ask("receive e 0 3"));
                beside.send("exit 7");
                assertEquals(7, beside.awaitExit());
                assertEquals("ok END", one.ask("next e 5000"));
            }
        }
    }
}
