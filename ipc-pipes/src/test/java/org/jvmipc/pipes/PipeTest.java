package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.Duplex;
import org.jvmipc.Ipc;
import org.jvmipc.PeerDiedException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;

/** Anonymous pipes between a parent and its child. */
@IpcDir
@ExtendWith(SharedThreads.class)
final class PipeTest {
    private static ChildJvm courier() {
        ChildJvm child = ChildJvm.of(Courier.class).start();
        child.expect("ready");
        return child;
    }

    private static String ok(String answer) {
        assertTrue(answer.startsWith("ok"), answer);
        return answer;
    }

    @Test
    void shouldTalkBothWaysWithAChildAndLeaveItsStandardStreamsAlone() throws Exception {
        try (Duplex duplex = Ipc.connect("pipe:"); ChildJvm child = courier()) {
            ok(Courier.ask(child, "connect " + duplex.address()));
            duplex.sender().send(Courier.bytes("down"), Courier.PATIENCE);
            assertEquals("down", Courier.ask(child, "receive"));
            ok(Courier.ask(child, "send up"));
            assertEquals("up", Courier.text(duplex.receiver().receive(Courier.PATIENCE)));
            duplex.sender().send(ByteBuffer.allocate(0), Courier.PATIENCE);
            assertEquals("", Courier.ask(child, "receive"));
            child.kill();
            child.awaitDeath(Courier.PATIENCE);
            assertSame(Received.END, duplex.receiver().receive(Courier.PATIENCE));
            PeerDiedException died = assertThrows(PeerDiedException.class,
                    () -> duplex.sender().send(Courier.bytes("x"), Courier.PATIENCE));
            assertEquals(child.pid(), died.peer().pid());
        }
    }

    @Test
    void shouldSendToAChildAndNoticeItsDeath() throws Exception {
        try (Sender sender = Ipc.sender("pipe:"); ChildJvm child = courier()) {
            assertEquals(SendResult.NO_RECEIVER, sender.trySend(Courier.bytes("early")));
            ok(Courier.ask(child, "receiver " + sender.address()));
            sender.send(Courier.bytes("one"), Courier.PATIENCE);
            assertEquals("one", Courier.ask(child, "receive"));
            child.kill();
            child.awaitDeath(Courier.PATIENCE);
            assertThrows(PeerGoneException.class, () -> sender.send(Courier.bytes("two"), Courier.PATIENCE));
        }
    }

    @Test
    void shouldReceiveFromAChildUntilItEnds() throws Exception {
        try (Receiver receiver = Ipc.receiver("pipe:"); ChildJvm child = courier()) {
            assertSame(Received.TIMED_OUT, receiver.receive(Duration.ofMillis(20)));
            ok(Courier.ask(child, "sender " + receiver.address()));
            ok(Courier.ask(child, "send one"));
            child.kill();
            child.awaitDeath(Courier.PATIENCE);
            assertEquals("one", Courier.text(receiver.receive(Courier.PATIENCE)));
            assertSame(Received.END, receiver.receive(Courier.PATIENCE));
        }
    }

    @Test
    void shouldEndAChildsReceiverWhenTheParentCloses() throws Exception {
        try (ChildJvm child = courier()) {
            Sender sender = Ipc.sender("pipe:");
            ok(Courier.ask(child, "receiver " + sender.address()));
            sender.send(Courier.bytes("last"), Courier.PATIENCE);
            sender.close();
            assertEquals("last", Courier.ask(child, "receive"));
            assertEquals(Received.END.toString(), Courier.ask(child, "receive"));
        }
    }

    @Test
    void shouldLetOnePeerAttach() {
        try (Sender sender = Ipc.sender("pipe:"); Receiver first = Ipc.receiver(sender.address())) {
            assertEquals(sender.address(), first.address());
            for (int i = 0; i < 2; i++) {
                String message = assertThrows(ChannelNotFoundException.class,
                        () -> Ipc.receiver(sender.address())).getMessage();
                assertTrue(message.contains(String.valueOf(ProcessHandle.current().pid())), message);
                // Now the one who made the pipe has seen the first one, and has given the descriptors up.
                sender.status();
            }
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAnAddress() {
        Sender sender = Ipc.sender("pipe:");
        String address = sender.address().toString();
        assertThrows(IllegalArgumentException.class, () -> Ipc.sender(address));
        assertThrows(IllegalArgumentException.class, () -> Ipc.connect(address));
        String other = address.replaceFirst("i\\d+", "i1");
        assertThrows(ChannelNotFoundException.class, () -> Ipc.receiver(other));
        sender.close();
        assertThrows(ChannelNotFoundException.class, () -> Ipc.receiver(address));
        String gone = "pipe:" + deadPid() + address.substring(address.indexOf('.'));
        String message = assertThrows(ChannelNotFoundException.class, () -> Ipc.receiver(gone)).getMessage();
        assertTrue(message.contains("has ended"), message);
        UnsupportedOperationException listening =
                assertThrows(UnsupportedOperationException.class, () -> Ipc.listen("pipe:"));
        assertTrue(listening.getMessage().contains("unix:"), listening.getMessage());
        try (Duplex both = Ipc.connect("pipe:")) {
            assertThrows(IllegalArgumentException.class, () -> Ipc.receiver(both.address()));
            Ipc.connect(both.address()).close();
        }
    }

    private static long deadPid() {
        try {
            Process process = new ProcessBuilder("true").start();
            process.waitFor();
            return process.pid();
        } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldRefuseTheProcessOfAnotherUser() {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "only root changes the user");
        try (Sender sender = Ipc.sender("pipe:"); ChildJvm child = ChildJvm.of(Courier.class)
                .wrapper("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                        "sh", "-c", "true & echo zombie $!; exec \"$@\"", "sh").start()) {
            String zombie = child.expect("zombie ").substring("zombie ".length());
            child.expect("ready");
            String answer = Courier.ask(child, "receiver " + sender.address());
            assertTrue(answer.startsWith(AccessRefusedException.class.getSimpleName())
                    && answer.contains("another user"), answer);
            // Its own user may not look at that one either, but it is dead and no stranger.
            answer = Courier.ask(child, "receiver pipe:" + zombie + ".r20i81215.a22i81216");
            assertTrue(answer.startsWith(ChannelNotFoundException.class.getSimpleName())
                    && answer.contains("has ended"), answer);
        }
    }
}
