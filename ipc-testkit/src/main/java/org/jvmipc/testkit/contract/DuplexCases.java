package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.jvmipc.Address;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.Duplex;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.PeerEvent;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Received;
import org.jvmipc.testkit.Await;

/** Connections: who listens accepts those who connect, and both sides talk. */
interface DuplexCases extends Cases {
    /** Both ends of a connection. */
    record Connection(Duplex caller, Duplex callee) {
        Pair there() {
            return new Pair(caller.sender(), callee.receiver());
        }

        Pair back() {
            return new Pair(callee.sender(), caller.receiver());
        }
    }

    /** A listener, or null after having seen that the scheme has none. */
    private Listener listener(Address address) {
        if (bench().has(Trait.LISTENS)) {
            return bench().track(Ipc.listen(address));
        }
        UnsupportedOperationException refusal =
                assertThrows(UnsupportedOperationException.class, () -> Ipc.listen(address));
        assertTrue(refusal.getMessage().contains("unix:") || refusal.getMessage().contains("mem:"),
                "names a scheme that can: " + refusal.getMessage());
        return null;
    }

    private Connection connect(Listener listener) throws InterruptedException {
        Duplex caller = bench().track(Ipc.connect(listener.address()));
        Duplex callee = bench().track(listener.accept(Bench.PATIENCE));
        assertNotNull(callee, "nobody came");
        return new Connection(caller, callee);
    }

    private void pass(Pair pair, int from, int to) throws InterruptedException {
        Task<Void> sending = bench().task("sending", () -> {
            for (int i = from; i < to; i++) {
                pair.send(i);
            }
            return null;
        });
        pair.expectAll(from, to);
        sending.result();
    }

    @Test
    default void shouldTalkBothWaysAtOnce() throws Exception {
        Listener listener = listener(bench().address());
        if (listener == null) {
            return;
        }
        Connection connection = connect(listener);
        Task<Void> back = bench().task("the way back", () -> {
            pass(connection.back(), 0, 1000);
            return null;
        });
        pass(connection.there(), 1000, 2000);
        back.result();
        assertSame(connection.caller().sender(), connection.caller().sender());
        assertSame(connection.callee().receiver(), connection.callee().receiver());
        assertEquals(1000, connection.caller().status().sent());
        assertEquals(1000, connection.caller().status().received());
    }

    @Test
    default void shouldEndOneDirectionWhenItsHalfIsClosed() throws Exception {
        Listener listener = listener(bench().address());
        if (listener == null) {
            return;
        }
        Connection connection = connect(listener);
        pass(connection.there(), 0, 3);
        pass(connection.back(), 0, 3);
        connection.caller().sender().close();
        assertFalse(connection.caller().sender().isOpen());
        assertTrue(connection.caller().isOpen(), "the other half is open");
        connection.there().expectEnd();
        pass(connection.back(), 3, 10);
        assertThrows(ChannelClosedException.class,
                () -> connection.caller().sender().send(Payload.of(0, 1)));
        connection.callee().sender().close();
        connection.back().expectEnd();
        connection.caller().receiver().close();
        assertFalse(connection.caller().isOpen(), "both halves are closed");
    }

    @Test
    default void shouldEndBothDirectionsWhenTheConnectionIsClosed() throws Exception {
        Listener listener = listener(bench().address());
        if (listener == null) {
            return;
        }
        Connection connection = connect(listener);
        pass(connection.there(), 0, 3);
        Task<Received> receiving =
                bench().task("receiving", () -> connection.callee().receiver().receive(Bench.PATIENCE));
        Task<Received> own = bench().task("own receiver", () -> connection.caller().receiver().receive());
        receiving.awaitBlocked();
        own.awaitBlocked();
        connection.caller().close();
        connection.caller().close();
        assertSame(Received.END, receiving.result());
        assertInstanceOf(ChannelClosedException.class, own.failure());
        assertFalse(connection.caller().sender().isOpen());
        assertFalse(connection.caller().receiver().isOpen());
        assertTrue(connection.caller().status().closed());
        org.jvmipc.testkit.Await.until(Bench.PATIENCE, "the peer's departure", () -> {
            try {
                connection.callee().sender().send(Payload.of(1, 1), Duration.ZERO);
                return false;
            } catch (PeerGoneException gone) {
                return true;
            } catch (org.jvmipc.IpcTimeoutException full) {
                return false;
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        });
    }

    @Test
    default void shouldKeepSeveralConnectionsApart() throws Exception {
        Listener listener = listener(bench().address());
        if (listener == null) {
            return;
        }
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            connections.add(connect(listener));
        }
        for (int i = 0; i < 4; i++) {
            pass(connections.get(i).there(), i, i + 1);
            pass(connections.get(i).back(), 10 + i, 11 + i);
        }
        connections.get(1).caller().close();
        connections.get(1).there().expectEnd();
        pass(connections.get(2).there(), 20, 21);
        pass(connections.get(0).back(), 30, 31);
    }

    @Test
    default void shouldWaitForACallerAndNoLongerThanAsked() throws Exception {
        Listener listener = listener(bench().address());
        if (listener == null) {
            return;
        }
        long start = System.nanoTime();
        assertNull(listener.accept(Bench.ms(30)));
        assertTrue(System.nanoTime() - start >= Bench.ms(30).toNanos());
        assertNull(listener.accept(Duration.ZERO));
        assertNull(listener.accept(Duration.ofSeconds(-1)));
        Task<Duplex> accepting = bench().task("accepting", listener::accept);
        accepting.awaitBlocked();
        Duplex caller = bench().track(Ipc.connect(listener.address()));
        Duplex callee = bench().track(accepting.result());
        pass(new Connection(caller, callee).there(), 0, 3);
        Task<Duplex> interrupted = bench().task("interrupted", () -> listener.accept(Bench.PATIENCE));
        interrupted.awaitBlocked().interrupt();
        assertInstanceOf(InterruptedException.class, interrupted.failure());
        pass(connect(listener).back(), 0, 3);
    }

    @Test
    default void shouldWakeWhoeverAcceptsWhenTheListenerIsClosed() throws Exception {
        for (boolean timed : new boolean[] {false, true}) {
            Listener listener = listener(bench().address());
            if (listener == null) {
                return;
            }
            Connection connection = connect(listener);
            Task<Duplex> accepting =
                    bench().task("accepting", () -> timed ? listener.accept(Bench.PATIENCE) : listener.accept());
            accepting.awaitBlocked();
            listener.close();
            listener.close();
            assertFalse(listener.isOpen());
            assertInstanceOf(ChannelClosedException.class, accepting.failure());
            assertThrows(ChannelClosedException.class, listener::accept);
            assertThrows(ChannelClosedException.class, () -> listener.accept(Duration.ZERO));
            assertThrows(ChannelClosedException.class, () -> listener.acceptStream(Duration.ZERO));
            // Connections made so far live on.
            pass(connection.there(), 0, 3);
            pass(connection.back(), 0, 3);
            // The name is free.
            Listener again = bench().track(Ipc.listen(listener.address()));
            pass(connect(again).there(), 0, 3);
        }
    }

    @Test
    default void shouldNotAcceptAgainWhatItHasClosed() throws Exception {
        Listener listener = listener(bench().address());
        if (listener == null) {
            return;
        }
        Connection first = connect(listener);
        pass(first.there(), 0, 1);
        first.callee().close();
        Connection second = connect(listener);
        pass(second.there(), 0, 3);
        pass(second.back(), 0, 3);
        assertNull(listener.accept(Duration.ofMillis(1)));
        assertEquals(Received.END, first.caller().receiver().receive(Bench.PATIENCE));
    }

    /** Nobody calls anything: also what is told by two channels has to come. */
    @Test
    default void shouldTellAnIdleCallerThatItsPeerHasLeft() throws Exception {
        Listener listener = listener(bench().address());
        if (listener == null || !bench().has(Trait.KNOWS_PEERS)) {
            return;
        }
        Connection connection = connect(listener);
        pass(connection.there(), 0, 1);
        List<PeerEvent.Kind> events = new CopyOnWriteArrayList<>();
        connection.caller().onPeer(event -> events.add(event.kind()));
        Await.until(Bench.PATIENCE, "the peer to be known", () -> events.equals(List.of(PeerEvent.Kind.JOINED)));
        connection.callee().close();
        Await.until(Bench.PATIENCE, () -> "the peer to leave: " + events,
                () -> events.equals(List.of(PeerEvent.Kind.JOINED, PeerEvent.Kind.LEFT)));
    }

    @Test
    default void shouldNotAcceptWhatAnotherListenerHadAccepted() throws Exception {
        Listener before = listener(bench().address());
        if (before == null) {
            return;
        }
        Connection connection = connect(before);
        pass(connection.there(), 0, 1);
        before.close();
        connection.callee().close();
        Listener listener = bench().track(Ipc.listen(before.address()));
        assertNull(listener.accept(Duration.ofMillis(1)));
        assertEquals(Received.END, connection.caller().receiver().receive(Bench.PATIENCE));
        pass(connect(listener).there(), 0, 3);
        assertNull(listener.accept(Duration.ofMillis(1)));
    }

    @Test
    default void shouldGoOnWithTheNextListenerIfPeersAreWaitedFor() throws Exception {
        // Within a process nobody dies.
        if (!bench().has(Trait.LISTENS) || !bench().has(Trait.WAITS_FOR_PEERS) || !bench().has(Trait.TELLS_DEATH)) {
            return;
        }
        Listener before = listener(bench().address("peerDeath=wait"));
        Connection connection = connect(before);
        pass(connection.there(), 0, 1);
        connection.callee().close();
        before.close();
        Listener listener = bench().track(Ipc.listen(before.address()));
        Task<Void> sending = bench().task("calling", () -> {
            connection.caller().sender().send(Payload.of(7, 16), Bench.PATIENCE);
            return null;
        });
        Duplex callee = listener.accept(Bench.PATIENCE);
        assertNotNull(callee, "nobody came");
        bench().track(callee);
        Payload.assertIs(7, 16, callee.receiver().receive(Bench.PATIENCE));
        sending.result();
    }

    @Test
    default void shouldTellACallerOfAConnectionThatEndedBeforeItLooked() throws Exception {
        for (int messages = 0; messages < (bench().has(Trait.HOLDS) ? 2 : 1); messages++) {
            Listener listener = listener(bench().address());
            if (listener == null) {
                return;
            }
            Connection silent = connect(listener);
            if (messages > 0) {
                silent.callee().sender().send(Payload.of(7, 16), Bench.PATIENCE);
            }
            silent.callee().close();
            if (messages > 0) {
                Payload.assertIs(7, 16, silent.caller().receiver().receive(Bench.PATIENCE));
            }
            assertSame(Received.END, silent.caller().receiver().receive(Bench.PATIENCE));
            assertThrows(PeerGoneException.class,
                    () -> silent.caller().sender().send(Payload.of(1, 16), Bench.PATIENCE));
            silent.caller().close();
            // One half before the other.
            Connection half = connect(listener);
            half.callee().receiver().close();
            if (messages > 0) {
                half.callee().sender().send(Payload.of(8, 16), Bench.PATIENCE);
                Payload.assertIs(8, 16, half.caller().receiver().receive(Bench.PATIENCE));
            }
            half.callee().sender().close();
            assertSame(Received.END, half.caller().receiver().receive(Bench.PATIENCE));
            half.caller().close();
            listener.close();
        }
    }

    @Test
    default void shouldConnectBeforeAnybodyListens() throws Exception {
        Address address = bench().address();
        if (!bench().has(Trait.LISTENS)) {
            listener(address);
            return;
        }
        Duplex caller = bench().track(Ipc.connect(address));
        assertSame(Received.EMPTY, caller.receiver().tryReceive());
        Listener listener = listener(address);
        Task<Void> sending = bench().task("calling", () -> {
            caller.sender().send(Payload.of(1, 16), Bench.PATIENCE);
            return null;
        });
        Duplex callee = bench().track(listener.accept(Bench.PATIENCE));
        Payload.assertIs(1, 16, callee.receiver().receive(Bench.PATIENCE));
        sending.result();
    }

    @Test
    default void shouldTransferBothWays() throws Exception {
        Listener listener = listener(bench().address());
        if (listener == null || !bench().has(Trait.TRANSFERS)) {
            return;
        }
        Connection connection = connect(listener);
        for (Pair pair : List.of(connection.there(), connection.back())) {
            for (int i = 0; i < 5; i++) {
                int number = i;
                Task<Void> transferring = bench().task("transferring", () -> {
                    pair.sender.transfer(Payload.of(number, pair.size));
                    return null;
                });
                transferring.awaitBlocked();
                pair.expect(i);
                transferring.result();
            }
        }
    }
}
