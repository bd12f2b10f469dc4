package org.jvmipc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.jvmipc.internal.Frames.text;

import java.lang.ref.WeakReference;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.jvmipc.Duplex;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.Received;

/** Connections through {@code mem:} that nobody accepts. */
class MemConnectionTest {
    private static final String ADDRESS = "mem:unaccepted";
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void shouldDropAConnectionWhoseMakerHasClosedIt() throws Exception {
        Duplex before = Ipc.connect(ADDRESS);
        before.sender().send(text("nobody takes this"));
        before.close();
        try (Listener listener = Ipc.listen(ADDRESS)) {
            Ipc.connect(ADDRESS).close();
            assertNull(listener.accept(Duration.ZERO));
            try (Duplex open = Ipc.connect(ADDRESS); Duplex accepted = listener.accept(LONG)) {
                open.sender().send(text("x"));
                assertEquals("x", accepted.receiver().receive(LONG).text());
            }
        }
    }

    @Test
    void shouldKeepAConnectionOfWhichOneHalfIsClosed() throws Exception {
        try (Duplex half = Ipc.connect(ADDRESS)) {
            half.sender().close();
            try (Listener listener = Ipc.listen(ADDRESS); Duplex accepted = listener.accept(LONG)) {
                accepted.sender().send(text("answer"));
                assertEquals("answer", half.receiver().receive(LONG).text());
            }
        }
    }

    @Test
    void shouldStillDeliverToAListenerWhatWasSentBeforeTheMakerClosed() throws Exception {
        try (Listener listener = Ipc.listen(ADDRESS)) {
            try (Duplex brief = Ipc.connect(ADDRESS)) {
                brief.sender().send(text("and good-bye"));
            }
            try (Duplex accepted = listener.accept(LONG)) {
                assertEquals("and good-bye", accepted.receiver().receive(LONG).text());
                assertSame(Received.END, accepted.receiver().receive(LONG));
            }
        }
    }

    @Test
    void shouldHoldNothingOfWhatWasDropped() {
        WeakReference<Duplex> dropped = closedConnection();
        Until.passes(() -> {
            System.gc();
            return dropped.get() == null;
        });
        try (Listener listener = Ipc.listen(ADDRESS)) {
            assertNotNull(listener.address());
        }
    }

    private static WeakReference<Duplex> closedConnection() {
        Duplex duplex = Ipc.connect(ADDRESS);
        duplex.close();
        return new WeakReference<>(duplex);
    }
}
