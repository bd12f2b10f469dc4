package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.Claim;
import org.jvmipc.Ipc;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.Receiver;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;
import org.jvmipc.observe.ChannelStats;
import org.jvmipc.observe.Counters;
import org.jvmipc.observe.ProcessStats;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** What channels count, read from within and from outside, of a process that is stopped and of a dead one. */
@IpcDir
@Timeout(60)
class CountersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @IpcDir
    private IpcScope scope;

    /** Receives for ever. */
    static final class Reader implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            try (Receiver receiver = Ipc.receiver(context.arg(0))) {
                context.say("ready");
                while (true) {
                    receiver.receive();
                }
            }
        }
    }

    private static ChannelStats end(List<ChannelStats> all, String address, ChannelStats.End end) {
        return all.stream().filter(one -> one.address().startsWith(address) && one.end() == end).reduce((a, b) -> b)
                .orElseThrow(() -> new AssertionError("no " + end + " of " + address + " among " + all));
    }

    private static ProcessStats process(long pid) {
        List<ProcessStats> found = Counters.processes(pid);
        assertEquals(1, found.size(), found::toString);
        return found.get(0);
    }

    /** Others see what this process knows of itself. */
    private static void assertToldAll(String address, ChannelStats.End which) {
        ChannelStats told = end(process(ProcessHandle.current().pid()).channels(), address, which);
        ChannelStats known = end(Counters.own(), address, which);
        assertEquals(known.messages(), told.messages());
        assertEquals(known.bytes(), told.bytes());
    }

    @Test
    void shouldTellOfAStoppedAndOfADeadProcess() throws Exception {
        String address = scope.address("shm", "ring");
        long pid;
        try (Sender sender = Ipc.sender(address); ChildJvm child = ChildJvm.of(Reader.class).args(address).start()) {
            child.expect("ready");
            pid = child.pid();
            for (int i = 0; i < 10; i++) {
                sender.send(ByteBuffer.allocate(i), PATIENCE);
            }
            Await.until(PATIENCE, "a receiver that has all and waits", () -> {
                ChannelStats seen = end(process(pid).channels(), address, ChannelStats.End.RECEIVER);
                return seen.messages() == 10 && seen.waitingSince().isPresent();
            });
            child.stop();
            sender.send(ByteBuffer.allocate(100), PATIENCE);
            ProcessStats stopped = process(pid);
            assertTrue(stopped.alive());
            assertEquals(ProcessIdentity.of(pid).orElseThrow().startTime(), stopped.startTime());
            assertTrue(stopped.mainClass().contains("Peer"), stopped.mainClass());
            assertEquals(0, stopped.unrecorded());
            ChannelStats receiver = end(stopped.channels(), address, ChannelStats.End.RECEIVER);
            assertTrue(receiver.open());
            assertEquals(10, receiver.messages());
            assertEquals(45, receiver.bytes());
            assertTrue(receiver.waits() >= 1 && receiver.wakeUps() >= receiver.waits() - 1, receiver::toString);
            assertTrue(receiver.waitingSince().orElseThrow().isBefore(Instant.now()));
            ProcessStats self = process(ProcessHandle.current().pid());
            ChannelStats mine = end(self.channels(), address, ChannelStats.End.SENDER);
            assertEquals(11, mine.messages());
            assertEquals(145, mine.bytes());
            child.kill();
            child.awaitDeath(PATIENCE);
            ProcessStats dead = process(pid);
            assertFalse(dead.alive());
            assertEquals(10, end(dead.channels(), address, ChannelStats.End.RECEIVER).messages());
        }
        LifeSign.sweep();
        assertEquals(List.of(), Counters.processes(pid));
    }

    @Test
    void shouldCountWhatWasSentInWhateverWay() throws Exception {
        String address = scope.address("shm", "ring") + "?capacity=4k&wait=block";
        ChannelStats.End in = ChannelStats.End.RECEIVER;
        try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address)) {
            sender.trySend(ByteBuffer.allocate(1));
            assertEquals(2, sender.trySend(new ByteBuffer[] {ByteBuffer.allocate(10), ByteBuffer.allocate(20)}, 0, 2));
            assertEquals(2, sender.trySend(ByteBuffer.allocate(200), 100));
            try (Claim claim = sender.tryClaim(1000)) {
                claim.commit();
            }
            sender.sendAsync(ByteBuffer.allocate(300)).join();
            ChannelStats sent = end(Counters.own(), address, ChannelStats.End.SENDER);
            assertEquals(7, sent.messages());
            assertEquals(1531, sent.bytes());
            assertEquals(0, sent.waits());
            receiver.poll(message -> { }, 3);
            assertEquals(3, end(Counters.own(), address, in).messages());
            assertEquals(31, end(Counters.own(), address, in).bytes());
            assertThrows(IllegalStateException.class, () -> receiver.poll(message -> {
                throw new IllegalStateException("refused");
            }, 1));
            receiver.receive();
            receiver.receiveAsync().join();
            assertEquals(1231, end(Counters.own(), address, in).bytes());
            assertThrows(IpcTimeoutException.class, () -> {
                while (true) {
                    sender.send(ByteBuffer.allocate(1000), Duration.ofMillis(5));
                }
            });
            ChannelStats full = end(Counters.own(), address, ChannelStats.End.SENDER);
            assertEquals(1, full.waits());
            assertEquals(1, full.failures());
            assertTrue(full.wakeUps() >= 1 && full.waitingSince().isEmpty(), full::toString);
            while (sender.trySend(ByteBuffer.allocate(8)) == SendResult.SENT) {
                continue;
            }
            assertToldAll(address, ChannelStats.End.SENDER);
            while (receiver.poll(message -> { }, 5) > 0) {
                continue;
            }
            for (int look = 0; look < 16; look++) {
                assertEquals(0, receiver.poll(message -> { }, 5));
            }
            assertToldAll(address, in);
            assertEquals(end(Counters.own(), address, ChannelStats.End.SENDER).bytes(),
                    end(Counters.own(), address, in).bytes());
        }
        assertTrue(Counters.own().stream().noneMatch(one -> one.address().startsWith(address)));
        assertFalse(end(process(ProcessHandle.current().pid()).channels(), address, in).open());
    }

    @Test
    void shouldGiveTheRecordsOfEndsBackThatNobodyClosed() throws Exception {
        String lost = "mem:" + scope.address("shm", "lost").substring(4);
        LifeSign.own();
        for (int i = 0; i < 20; i++) {
            Ipc.receiver(lost + i);
        }
        Await.until(PATIENCE, "nobody to have them any more", () -> {
            System.gc();
            Ipc.receiver("mem:next").close();
            return process(ProcessHandle.current().pid()).channels().stream()
                    .noneMatch(one -> one.address().startsWith(lost) && one.open());
        });
        assertTrue(Counters.own().stream().noneMatch(one -> one.address().startsWith(lost)));
    }
}
