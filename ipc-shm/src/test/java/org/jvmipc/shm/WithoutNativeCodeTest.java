package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** One side cannot load native code, as where no directory allows to execute: it says so once, and goes on slower. */
@IpcDir
@Timeout(60)
class WithoutNativeCodeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Sleepers look that often by themselves, see {@link org.jvmipc.spi.Waiter#SLICE_NANOS}; and loaded machines. */
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final int MESSAGES = 5;

    @IpcDir
    private IpcScope scope;

    /** Sends back what it gets. */
    static final class Echo implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            try (Sender out = Ipc.sender(context.arg(1))) {
                context.say("then " + echo(context, out));
                context.hear();
            }
        }

        private static Received.Kind echo(PeerContext context, Sender out) throws InterruptedException {
            try (Receiver in = Ipc.receiver(context.arg(0))) {
                context.say("ready");
                Received received = in.receive(PATIENCE);
                while (received.isMessage()) {
                    out.send(received.message().payload());
                    received = in.receive(PATIENCE);
                }
                return received.kind();
            }
        }
    }

    @Test
    void shouldWarnOnceAndGoOnWithoutBeingWoken() throws Exception {
        String there = scope.address("shm", "there") + "?wait=block&capacity=4k";
        String back = scope.address("shm", "back") + "?wait=block&capacity=4k";
        try (Receiver in = Ipc.receiver(back);
                ChildJvm child = ChildJvm.of(Echo.class).jvmArgs("-Djffi.extract.dir=/proc/none", "-Dipc.log=info")
                        .args(there, back).start()) {
            try (Sender out = Ipc.sender(there)) {
                child.expect("ready");
                for (int i = 0; i < MESSAGES; i++) {
                    out.send(ByteBuffer.allocate(4).putInt(0, i));
                    Received received = in.receive(SOON);
                    assertTrue(received.isMessage(), received.kind() + " for " + i);
                    assertEquals(i, received.message().payload().getInt(0));
                }
            }
            child.expect("then END");
            assertEquals(1, in.status().peersAlive());
            child.kill();
            Await.until(PATIENCE, "its death to be seen", () -> in.status().peersAlive() == 0);
            assertEquals(2, child.errors().split("jffi.* cannot be loaded", -1).length, child.errors());
            assertTrue(child.errors().contains("WARNING") && child.errors().contains("-Djava.io.tmpdir="),
                    child.errors());
        }
    }
}
