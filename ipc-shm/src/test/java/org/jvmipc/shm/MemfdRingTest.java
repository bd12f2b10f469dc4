package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.Ipc;
import org.jvmipc.PeerEvent;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.MemoryCalls;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** Rings in memory without a name, which peers get by descriptor. */
@IpcDir
@Timeout(60)
class MemfdRingTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** Opens the sending end of the ring behind a descriptor of its parent. */
    static final class Feeder implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            int number = FileCalls.open(context.arg(0), FileCalls.O_RDWR | FileCalls.O_CLOEXEC, 0);
            Sender sender = Ipc.sender("shm:feed?backing=memfd&fd=" + number + "&" + context.arg(1));
            FileCalls.close(number);
            int count = Integer.parseInt(context.arg(2));
            for (int i = 0; i < count; i++) {
                sender.send(RingPeer.message(i), LONG);
            }
            context.say("sent");
            context.hear();
            sender.close();
        }
    }

    private static String path(int descriptor) {
        return "/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor;
    }

    private static void expect(Receiver receiver, int from, int to) throws InterruptedException {
        for (int i = from; i < to; i++) {
            assertEquals(RingPeer.message(i), ByteBuffer.wrap(receiver.receive(LONG).message().bytes()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ring=spsc&wait=adaptive", "ring=mpsc&wait=block&producers=2", "ring=broadcast&wait=spin"})
    void shouldCarryMessagesBetweenProcessesThatShareADescriptor(String options) throws Exception {
        try (Receiver receiver = Ipc.receiver("shm:feed?backing=memfd&capacity=4k&" + options);
                ChildJvm child = ChildJvm.of(Feeder.class)
                        .args(path(ShmChannels.descriptor(receiver)), options, 2000).start()) {
            expect(receiver, 0, 2000);
            child.expect("sent");
            child.send("end");
            assertEquals(Received.END, receiver.receive(LONG));
            assertEquals(0, child.awaitExit());
        }
    }

    @Test
    void shouldTakeOverWhatAKilledProcessLeftAndCountItsDeath() throws Exception {
        try (Receiver receiver = Ipc.receiver("shm:feed?backing=memfd&peerDeath=wait");
                ChildJvm child = ChildJvm.of(Feeder.class)
                        .args(path(ShmChannels.descriptor(receiver)), "wait=adaptive", 10).start()) {
            List<PeerEvent.Kind> seen = new CopyOnWriteArrayList<>();
            receiver.onPeer(event -> seen.add(event.kind()));
            child.expect("sent");
            child.kill();
            child.awaitDeath(LONG);
            Await.until(LONG, "the death to be told", () -> seen.contains(PeerEvent.Kind.DIED));
            try (Sender next = Ipc.sender(receiver.address())) {
                next.send(RingPeer.message(10), LONG);
                expect(receiver, 0, 11);
            }
        }
    }

    @Test
    void shouldKeepWhatWasSentForWhoeverHasTheDescriptor(IpcScope scope) throws Exception {
        Sender sender = scope.track(Ipc.sender("shm:kept?backing=memfd"));
        int descriptor = ShmChannels.descriptor(sender);
        int kept = FileCalls.dup(descriptor);
        assertThrows(ChannelExistsException.class, () -> Ipc.sender(sender.address()));
        sender.send(RingPeer.message(0), LONG);
        sender.close();
        assertThrows(ChannelClosedException.class, () -> ShmChannels.descriptor(sender));
        assertTrue(Files.notExists(Path.of("/proc/self/fd/" + descriptor)), "closed with the end");
        try (Receiver receiver = Ipc.receiver("shm:kept?backing=memfd&open=attach&fd=" + kept)) {
            assertNotEquals(kept, ShmChannels.descriptor(receiver), "the caller's remains the caller's");
            expect(receiver, 0, 1);
            assertEquals(Received.END, receiver.receive(LONG));
        } finally {
            FileCalls.close(kept);
        }
    }

    @Test
    void shouldCarryBytes() throws Exception {
        try (ReadableByteChannel source = Ipc.source("shm:bytes?backing=memfd");
                WritableByteChannel sink = Ipc.sink(
                        "shm:bytes?backing=memfd&fd=" + ShmChannels.descriptor(source))) {
            sink.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            ByteBuffer read = ByteBuffer.allocate(3);
            while (read.hasRemaining()) {
                source.read(read);
            }
            assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), read.flip());
        }
    }

    @Test
    void shouldMakeAnotherOneForEachWhoGivesNoDescriptor() {
        String same = "shm:same?backing=memfd";
        try (Receiver one = Ipc.receiver(same); Sender other = Ipc.sender(same)) {
            other.trySend(RingPeer.message(0));
            assertEquals(Received.EMPTY, one.tryReceive());
            assertNotEquals(one.address(), other.address());
        }
    }

    @Test
    void shouldRefuseMemoryThatSomebodyCouldTruncateOrThatIsNoRing() throws Exception {
        int bare = MemoryCalls.memfdCreate("bare", MemoryCalls.MFD_CLOEXEC | MemoryCalls.MFD_ALLOW_SEALING);
        try (SharedSegment other = SharedSegment.memfd("other").create(100);
                Receiver spsc = Ipc.receiver("shm:a?backing=memfd")) {
            AccessRefusedException refused = assertThrows(AccessRefusedException.class,
                    () -> Ipc.sender("shm:a?backing=memfd&fd=" + bare));
            assertTrue(refused.getMessage().contains("F_SEAL_SHRINK"), refused.getMessage());
            assertThrows(IncompatibleChannelException.class,
                    () -> Ipc.sender("shm:a?backing=memfd&fd=" + other.descriptor()));
            assertThrows(IncompatibleChannelException.class, () -> Ipc.sender(spsc.address().with("ring", "mpsc")));
            String path = "/proc/self/fd/" + ShmChannels.descriptor(spsc);
            try (FileChannel file = FileChannel.open(Path.of(path), StandardOpenOption.WRITE)) {
                assertThrows(IOException.class, () -> file.truncate(0));
            }
        } finally {
            FileCalls.close(bare);
        }
        assertThrows(NativeCallException.class, () -> Ipc.sender("shm:a?backing=memfd&fd=999999"));
    }

    @Test
    void shouldSayWhatDoesNotGo() {
        for (String options : List.of("fd=3", "backing=memfd&fd=x", "backing=memfd&keep=true",
                "backing=memfd&open=attach", "backing=memfd&open=create&fd=3", "backing=memfd&dir=/tmp")) {
            assertThrows(IllegalArgumentException.class, () -> Ipc.sender("shm:a?" + options), options);
        }
        for (String call : List.of("listen", "connect")) {
            UnsupportedOperationException refused = assertThrows(UnsupportedOperationException.class,
                    () -> (call.equals("listen") ? Ipc.listen("shm:a?backing=memfd")
                            : Ipc.connect("shm:a?backing=memfd")).close());
            assertTrue(refused.getMessage().contains("backing=file"), refused.getMessage());
        }
        try (Receiver plain = Ipc.receiver("mem:a")) {
            assertThrows(UnsupportedOperationException.class, () -> ShmChannels.descriptor(plain));
        }
    }
}
