package org.jvmipc.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.pipes.UnixSockets;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.ShmChannels;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** Memory without a name goes to another process through a socket, by two transports that do not know of each other. */
@IpcDir
class MemfdTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** Takes the memory, and answers in it. */
    static final class Taker implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            try (Receiver receiver = Ipc.receiver(context.arg(0))) {
                context.say("ready");
                assertEquals("here it is", receiver.receive(LONG).text());
                int number = UnixSockets.takeDescriptor(receiver).orElseThrow();
                try (SharedSegment segment = SharedSegment.descriptor(number).type("prices").open()) {
                    FileCalls.close(number);
                    long asked = segment.longAt(0).await(value -> value > 0, LONG);
                    segment.buffer(64, 8).putLong(0, segment.generation());
                    segment.longAt(8).set(asked * 2);
                    context.say("people " + segment.participants().size());
                    context.hear();
                    context.say("still " + segment.longAt(16).get());
                }
            }
        }
    }

    /** Takes a ring, and receives from it. */
    static final class RingTaker implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            try (Receiver doorstep = Ipc.receiver(context.arg(0))) {
                context.say("ready");
                String address = doorstep.receive(LONG).text();
                int number = UnixSockets.takeDescriptor(doorstep).orElseThrow();
                try (Receiver receiver = Ipc.receiver(address + "&fd=" + number)) {
                    FileCalls.close(number);
                    int count = 0;
                    for (Received next; (next = receiver.receive(LONG)).isMessage(); count++) {
                        assertEquals("order " + count, next.text());
                    }
                    context.say("received " + count);
                }
            }
        }
    }

    @Test
    void shouldHandARingOverThroughASocket(IpcScope scope) throws Exception {
        String address = "unix:" + scope.path("s") + "?descriptors=true";
        String ring = "shm:orders?backing=memfd&capacity=4k";
        Sender orders = scope.track(Ipc.sender(ring));
        try (ChildJvm child = ChildJvm.of(RingTaker.class).args(address).start()) {
            child.expect("ready");
            try (Sender doorstep = Ipc.sender(address)) {
                assertTrue(doorstep.awaitPeer(LONG));
                UnixSockets.attachDescriptors(doorstep, ShmChannels.descriptor(orders));
                doorstep.send(ByteBuffer.wrap(ring.getBytes(StandardCharsets.UTF_8)), LONG);
            }
            for (int i = 0; i < 1000; i++) {
                orders.send(ByteBuffer.wrap(("order " + i).getBytes(StandardCharsets.UTF_8)), LONG);
            }
            orders.close();
            assertEquals("received 1000", child.expect("received"));
            assertEquals(0, child.awaitExit());
        }
    }

    @Test
    void shouldHandMemoryOverThroughASocket(IpcScope scope) throws Exception {
        String address = "unix:" + scope.path("s") + "?descriptors=true";
        SharedSegment segment = scope.track(SharedSegment.memfd("prices").type("prices").create(1 << 20));
        try (ChildJvm child = ChildJvm.of(Taker.class).args(address).start()) {
            child.expect("ready");
            try (Sender sender = Ipc.sender(address)) {
                assertTrue(sender.awaitPeer(LONG));
                UnixSockets.attachDescriptors(sender, segment.descriptor());
                sender.send(ByteBuffer.wrap("here it is".getBytes(StandardCharsets.UTF_8)), LONG);
                segment.longAt(0).set(21);
                assertEquals(42, segment.longAt(8).await(value -> value != 0, LONG));
                assertEquals(segment.generation(), segment.buffer(64, 8).getLong());
                assertEquals("people 2", child.expect("people"));
                segment.longAt(16).set(7);
                segment.close();
                child.send("go on");
                assertEquals("still 7", child.expect("still"));
                assertEquals(0, child.awaitExit());
            }
        }
    }
}
