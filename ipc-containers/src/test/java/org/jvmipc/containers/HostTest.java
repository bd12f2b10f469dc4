package org.jvmipc.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.shm.sync.LockGuard;
import org.jvmipc.shm.sync.SharedLock;

/**
 * Containers in the IPC namespace of the host, and with that its {@code /dev/shm}: with each other, and with a process
 * outside of all containers, which here is the test itself.
 */
@ContainerTest
final class HostTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    /** Of nobody else on this machine, whose {@code /dev/shm} it is. */
    private static final String NAME = "containers-" + ProcessHandle.current().pid();

    private static JvmContainer onTheHost() {
        JvmContainer container = new ContainerSpec().ipc("host").start();
        container.expect("ready");
        return container;
    }

    @Test
    void shouldTalkToAProcessOutsideOfTheContainers() throws Exception {
        String there = "shm:" + NAME + "-there";
        String back = "shm:" + NAME + "-back";
        try (JvmContainer one = onTheHost(); JvmContainer two = onTheHost();
                Receiver receiver = Ipc.receiver(back); SharedLock lock = SharedLock.named(NAME)) {
            assertTrue(one.ask("who").startsWith("ok pid=1 "));
            assertEquals("ok open", one.ask("receiver r " + there));
            assertEquals("ok open", two.ask("lock " + NAME));
            assertEquals("ok open", two.ask("sender s " + back));
            try (Sender sender = Ipc.sender(there)) {
                for (int i = 0; i < 100; i++) {
                    sender.send(ByteBuffer.allocate(Integer.BYTES).putInt(0, i), LONG);
                }
                assertEquals("ok received 100 integers", one.ask("receive-integers r 100"));
                // One goes while the other stays; its next process 1 is somebody else.
                assertEquals("ok acquired", two.ask("acquire " + NAME + " 1000"));
                assertEquals("ok sent 3", two.ask("send s 0 3"));
                assertTrue(isHeld(lock));
                one.send("exit 0");
                assertEquals(0, one.awaitExit());
                long left = System.nanoTime();
                SendResult result = sender.trySend(ByteBuffer.allocate(Integer.BYTES));
                while (result != SendResult.NO_RECEIVER && result != SendResult.CLOSED
                        && System.nanoTime() - left < LONG.toNanos()) {
                    result = sender.trySend(ByteBuffer.allocate(Integer.BYTES));
                }
                assertTrue(result == SendResult.NO_RECEIVER || result == SendResult.CLOSED, result.toString());
            }
            assertTrue(isHeld(lock), "the other one lives");
            two.kill();
            try (LockGuard guard = lock.acquire(LONG)) {
                assertTrue(guard.ownerDied());
                guard.markConsistent();
            }
            for (int i = 0; i < 3; i++) {
                assertTrue(receiver.receive(LONG).isMessage());
            }
            assertEquals(Received.END, receiver.receive(LONG));
        }
        for (String name : new String[] {NAME, NAME + "-there", NAME + "-back"}) {
            assertFalse(Files.exists(Path.of("/dev/shm/jvmipc-" + ProcessIdentity.effectiveUid() + "-" + name)), name);
        }
    }

    private static boolean isHeld(SharedLock lock) throws InterruptedException {
        try (LockGuard guard = lock.acquire(Duration.ofMillis(300))) {
            return guard.ownerDied();
        } catch (IpcTimeoutException held) {
            return true;
        }
    }
}
