package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.ChannelStatus;
import org.jvmipc.Ipc;
import org.jvmipc.Message;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;

/** What only this channel does, and what it does not. */
@IpcDir
@ExtendWith(SharedThreads.class)
class SignalChannelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long SELF = ProcessHandle.current().pid();

    private static ByteBuffer message(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).flip();
    }

    @Test
    void shouldTellSignalPayloadAndSender() throws Exception {
        int uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        try (Receiver receiver = Ipc.receiver("signal:self?signal=RTMIN+2,RTMIN+1");
                Sender sender = Ipc.sender(receiver.address())) {
            assertEquals("signal:" + SELF + "?signal=RTMIN+2,RTMIN+1", receiver.address().toString());
            assertNull(SignalChannels.last(receiver));
            sender.send(message(-7), PATIENCE);
            Message message = receiver.receive().message();
            assertEquals(-7, message.payload().getInt());
            assertEquals(SELF, message.sender().pid());
            assertEquals("java", message.sender().name());
            assertEquals(Signal.realTime(2).number(), message.type());
            assertEquals(new SignalInfo(Signal.realTime(2), -7, SELF, uid, true), SignalChannels.last(receiver));
            SignalChannels.setSignal(sender, Signal.realTime(1));
            sender.send(ByteBuffer.wrap(new byte[] {1, 2}), PATIENCE);
            Signals.queue(SELF, Signal.realTime(1), 5, PATIENCE);
            Signals.kill(SELF, Signal.realTime(1));
            List<SignalInfo> infos = new ArrayList<>();
            List<Integer> lengths = new ArrayList<>();
            while (receiver.poll(payload -> {
                infos.add(SignalChannels.last(receiver));
                lengths.add(payload.remaining());
            }, 10) > 0) {
                continue;
            }
            assertEquals(List.of(new SignalInfo(Signal.realTime(1), 0x0102, SELF, uid, true),
                    new SignalInfo(Signal.realTime(1), 5, SELF, uid, true),
                    new SignalInfo(Signal.realTime(1), 0, SELF, uid, false)), infos);
            assertEquals(List.of(2, 4, 4), lengths);
            assertThrows(UnsupportedOperationException.class, () -> SignalChannels.last(sender));
            assertThrows(UnsupportedOperationException.class,
                    () -> SignalChannels.setSignal(receiver, Signal.realTime(1)));
        }
    }

    /** Of several signals, the kernel hands over the one with the lowest number first. */
    @Test
    void shouldReceiveTheLowestNumberFirstAndEachNumberInOrder() throws Exception {
        try (Sender low = Ipc.sender("signal:self?signal=RTMIN+3");
                Sender high = Ipc.sender("signal:self?signal=RTMIN+4");
                Receiver receiver = Ipc.receiver("signal:self?signal=RTMIN+4,RTMIN+3")) {
            for (int i = 0; i < 3; i++) {
                high.send(message(10 + i), PATIENCE);
                low.send(message(i), PATIENCE);
            }
            List<Integer> order = new ArrayList<>();
            assertEquals(6, receiver.poll(payload -> order.add(payload.getInt()), 10));
            assertEquals(List.of(0, 1, 2, 10, 11, 12), order);
        }
    }

    @Test
    void shouldSayHowToBlockWhatIsNotBlocked() {
        IllegalStateException refusal = assertThrows(IllegalStateException.class,
                () -> Ipc.receiver("signal:self?signal=RTMIN+1,RTMIN+20"));
        for (String word : List.of("[SIGRTMIN+20]", "env --block-signal=RTMIN+1,RTMIN+20", "Signals.relaunchBlocked",
                "IPC_BLOCK_SIGNALS=RTMIN+1,RTMIN+20")) {
            assertTrue(refusal.getMessage().contains(word), refusal.getMessage());
        }
        assertTrue(assertThrows(IllegalStateException.class, () -> Ipc.receiver("signal:self?signal=TERM"))
                .getMessage().contains("-Xrs"));
        assertTrue(Signals.areBlocked(Signal.realTime(1), Signal.realTime(8)));
        assertFalse(Signals.areBlocked(Signal.realTime(1), Signal.realTime(20)));
    }

    @Test
    void shouldRefuseWhatWouldGetLost() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Ipc.sender("signal:self?signal=USR1"))
                .getMessage().contains("would be lost"));
        try (Sender sender = Ipc.sender("signal:self")) {
            assertThrows(IllegalArgumentException.class, () -> SignalChannels.setSignal(sender, Signal.USR1));
        }
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Ipc.receiver("signal:1")).getMessage()
                .contains("only process 1 itself"));
    }

    /** What docs/guarantees.md says of signals in its table of what is missing. */
    @ParameterizedTest
    @ValueSource(strings = {"stream", "connect", "listen", "transfer", "awaitPeer", "onPeer", "peek", "peers", "depth"})
    void shouldSayWhatItCannotAndWhoCan(String what) throws Exception {
        String address = "signal:self?signal=RTMIN+5";
        try (Receiver receiver = Ipc.receiver(address); Sender sender = Ipc.sender(address)) {
            if (what.equals("peers") || what.equals("depth")) {
                ChannelStatus status = receiver.status();
                assertEquals(ChannelStatus.UNKNOWN,
                        what.equals("peers") ? status.peersAlive() : status.depthMessages());
                return;
            }
            UnsupportedOperationException refusal = assertThrows(UnsupportedOperationException.class, () -> {
                switch (what) {
                    case "stream" -> Ipc.sink(address);
                    case "connect" -> Ipc.connect(address);
                    case "listen" -> Ipc.listen(address);
                    case "transfer" -> sender.transfer(message(1), Duration.ZERO);
                    case "awaitPeer" -> sender.awaitPeer(Duration.ZERO);
                    case "onPeer" -> receiver.onPeer(event -> { });
                    default -> receiver.peek(payload -> { });
                }
            });
            assertTrue(refusal.getMessage().contains("shm:"), refusal.getMessage());
        }
        assertThrows(UnsupportedOperationException.class, () -> Ipc.source(address));
        assertThrows(UnsupportedOperationException.class, () -> Ipc.stream(address));
    }

    /** Also one of the standard signals, with its sender, where the JVM leaves it blocked. */
    @Test
    void shouldReceiveTermWithItsSenderInAJvmWithXrs() {
        try (ChildJvm child = ChildJvm.of(InfoPeer.class).args("TERM,RTMIN+1").jvmArgs("-Xrs")
                .blockSignals("TERM", "RTMIN+1").start()) {
            child.expect("ready");
            Signals.kill(child.pid(), Signal.TERM);
            assertEquals("SIGTERM 0 " + SELF + " false", child.readLine());
            Signals.tryQueue(child.pid(), Signal.realTime(1), 77);
            assertEquals("SIGRTMIN+1 77 " + SELF + " true", child.readLine());
        }
    }
}
