package org.jvmipc.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.jvmipc.PeerDiedException;
import org.jvmipc.PeerEvent;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerInfo;
import org.jvmipc.Registration;
import org.jvmipc.internal.Background;
import org.jvmipc.internal.Until;

class PeersTest {
    private static final PeerInfo ANNA = new PeerInfo(1, "anna");
    private static final PeerInfo BERT = new PeerInfo(2, "bert");

    private final Peers peers = new Peers();
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    private void see(PeerEvent event) {
        seen.add(event.kind() + " " + event.peer().name());
    }

    private List<String> seen() throws InterruptedException {
        CountDownLatch settled = new CountDownLatch(1);
        Background.events().execute(settled::countDown);
        assertTrue(settled.await(20, TimeUnit.SECONDS));
        return List.copyOf(seen);
    }

    @Test
    void shouldTellEachEventOnceAndInOrder() throws Exception {
        peers.listen(this::see);
        Peers.Peer anna = peers.joined(ANNA);
        anna.identify(BERT);
        anna.settle();
        Peers.Peer bert = peers.joined(BERT);
        anna.left();
        anna.left();
        anna.died();
        bert.died();
        bert.settle();
        assertEquals(List.of("JOINED anna", "JOINED bert", "LEFT anna", "DIED bert"), seen());
        assertEquals(0, peers.alive());
        assertTrue(peers.everCame());
    }

    @Test
    void shouldTellALateListenerWhoIsThere() throws Exception {
        peers.joined(ANNA).left();
        peers.joined(BERT);
        peers.connected();
        peers.listen(this::see);
        assertEquals(List.of("JOINED bert"), seen());
        assertEquals(2, peers.alive());
    }

    @Test
    void shouldPutOffAnAnnouncementUntilThePeerIsKnown() throws Exception {
        peers.listen(this::see);
        Peers.Peer one = peers.connected();
        Peers.Peer other = peers.connected();
        assertEquals(List.of(), seen());
        one.identify(ANNA);
        other.settle();
        other.identify(BERT);
        assertEquals(List.of("JOINED anna", "JOINED ?"), seen());
        assertEquals(BERT, other.info());
        other.left();
        assertEquals(List.of("JOINED anna", "JOINED ?", "LEFT bert"), seen());
    }

    @Test
    void shouldAnnounceBeforeItTellsOfTheGoing() throws Exception {
        peers.listen(this::see);
        peers.connected().left();
        assertEquals(List.of("JOINED ?", "LEFT ?"), seen());
    }

    @Test
    void shouldTellAListenerNothingAfterItsEnd() throws Exception {
        Registration first = peers.listen(this::see);
        Registration second = peers.listen(this::see);
        first.close();
        first.close();
        peers.joined(ANNA);
        assertEquals(List.of("JOINED anna"), seen());
        second.close();
        peers.joined(BERT);
        assertEquals(List.of("JOINED anna"), seen());
    }

    @Test
    void shouldGoOnAfterAListenerThatThrows() throws Exception {
        peers.listen(event -> {
            throw new IllegalStateException("mine");
        });
        peers.listen(this::see);
        peers.joined(ANNA);
        peers.joined(BERT);
        assertEquals(List.of("JOINED anna", "JOINED bert"), seen());
    }

    @Test
    void shouldAwaitAPeer() throws Exception {
        assertFalse(peers.awaitPresence(0));
        assertFalse(peers.awaitPresence(-1));
        assertFalse(peers.awaitPresence(1_000_000));
        Thread waiter = Thread.currentThread();
        CompletableFuture<Peers.Peer> coming = CompletableFuture.supplyAsync(() -> {
            Until.isBlocked(waiter);
            return peers.joined(ANNA);
        });
        while (!peers.awaitPresence(TimeUnit.SECONDS.toNanos(20))) {
            assertFalse(coming.isCompletedExceptionally());
        }
        coming.get(20, TimeUnit.SECONDS).left();
        assertFalse(peers.awaitPresence(0));
    }

    @Test
    void shouldBeWokenOrInterruptedWhileItWaits() throws Exception {
        AtomicReference<Object> outcome = new AtomicReference<>();
        Runnable waiting = () -> {
            try {
                outcome.set(peers.awaitPresence(TimeUnit.SECONDS.toNanos(40)));
            } catch (InterruptedException interrupted) {
                outcome.set(interrupted);
            }
        };
        Thread woken = new Thread(waiting);
        woken.start();
        Until.isBlocked(woken);
        peers.wakeUp();
        woken.join(20_000);
        assertEquals(false, outcome.get());
        Thread interrupted = new Thread(waiting);
        interrupted.start();
        Until.isBlocked(interrupted);
        interrupted.interrupt();
        interrupted.join(20_000);
        assertEquals(InterruptedException.class, outcome.get().getClass());
    }

    @Test
    void shouldSayWhoWentLastAndHow() {
        peers.joined(ANNA).left();
        PeerGoneException left = peers.goneException("x");
        assertEquals("x: pid 1 (anna) has closed its end", left.getMessage());
        assertSame(ANNA, left.peer());
        peers.joined(BERT).died();
        PeerGoneException died = peers.goneException("x");
        assertEquals("x: pid 2 (bert) died", died.getMessage());
        assertThrows(PeerDiedException.class, () -> {
            throw died;
        });
    }
}
