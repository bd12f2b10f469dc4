package org.jvmipc.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Codec;
import org.jvmipc.Ipc;
import org.jvmipc.TypedReceiver;
import org.jvmipc.TypedSender;
import org.jvmipc.observe.TraceContext;
import org.jvmipc.observe.Traced;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** A trace goes from one JVM to another through whatever channel is between them. */
@IpcDir
@Timeout(60)
class TracedChannelsTest {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String STATE = "congo=t61rcWkgMzE";

    @IpcDir
    private IpcScope scope;

    /** Queues on disk have no place for a type. */
    private static Codec<Traced<String>> codec(String address) {
        return Traced.codec(address.startsWith("queue:") ? Codec.of(String::getBytes, String::new) : Codec.utf8());
    }

    /** Says what it receives from each of its addresses. */
    static final class Receiving implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            for (String address : context.args()) {
                try (TypedReceiver<Traced<String>> receiver = Ipc.receiver(address, codec(address))) {
                    context.say("ready");
                    Traced<String> first = receiver.receive();
                    TraceContext trace = first.context().orElseThrow();
                    context.say(first.value() + " " + trace.traceparent() + " " + trace.state() + " "
                            + receiver.receive().context().isPresent());
                }
            }
        }
    }

    /** Sends to each of its addresses when it is told to. */
    static final class Sending implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            for (String address : context.args()) {
                context.hear();
                try (TypedSender<Traced<String>> sender = Ipc.sender(address, codec(address))) {
                    sender.send(Traced.of(address, TraceContext.parse(PARENT, STATE)));
                    sender.send(Traced.of("untraced"));
                    context.say("sent");
                    context.hear();
                }
            }
        }
    }

    @Test
    void shouldCarryATraceFromJvmToJvm() {
        List<String> addresses = List.of(scope.address("shm", "ring"), scope.address("unix", "socket"),
                scope.address("queue", "log"));
        scope.mayLeave(scope.path("log"));
        try (ChildJvm receiving = ChildJvm.of(Receiving.class).args(addresses.toArray()).start();
                ChildJvm sending = ChildJvm.of(Sending.class).args(addresses.toArray()).start()) {
            for (String address : addresses) {
                receiving.expect("ready");
                sending.send("go");
                sending.expect("sent");
                assertEquals(address + " " + PARENT + " " + STATE + " false", receiving.expect(address));
                sending.send("on");
            }
            assertEquals(0, receiving.awaitExit(), receiving.errors());
            assertEquals(0, sending.awaitExit(), sending.errors());
        }
    }
}
