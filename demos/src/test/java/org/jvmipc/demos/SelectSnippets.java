package org.jvmipc.demos;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jvmipc.Duplex;
import org.jvmipc.Listener;
import org.jvmipc.Mailbox;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Select;
import org.jvmipc.Sender;
import org.jvmipc.signals.Peers;

/** What docs/select.md shows, besides the demo; it is compiled, and that is all. */
final class SelectSnippets {
    private SelectSnippets() {
    }

    static void serve(Listener listener) throws InterruptedException {
        try (Select<Object> select = Select.fair()) {
            select.accept(listener, listener).then(peer ->
                    select.receive(peer, peer.receiver())
                            .then(received -> answer(select, peer, received))
                            .otherwise(failure -> peer.close()));
            select.run();
        }
    }

    private static void answer(Select<Object> select, Duplex peer, Received received) {
        if (received.isMessage()) {
            select.send("answer", peer.sender(), received.message().payload()).otherwise(gone -> peer.close());
        } else {
            peer.close();
        }
    }

    static void signals(Select<String> select, Receiver signals, Mailbox mailbox, long pid,
            CompletableFuture<?> stop) {
        select.receive("signal", signals);                  // Ipc.receiver("signal:self?signal=RTMIN+3")
        select.receive("letter", mailbox.letters());        // and subscriber.publications()
        select.on("gone", Peers.onExit(pid));               // any process, without a thread
        select.on("stop", stop);                            // whoever completes it cancels the wait
    }

    static String forms(Select<String> select, Sender sender, ByteBuffer message) throws InterruptedException {
        select.send("sent", sender, message);
        String first = select.await();                                      // as long as it takes
        String inTime = select.await(Duration.ofMillis(50), "late");        // with a timeout
        String now = select.poll("nothing");                                // with a default
        int several = select.awaitReady(Duration.ofMillis(50)).size();      // all that are ready
        int all = select.awaitAll(Duration.ofSeconds(5)).size();            // each, once
        return first + inTime + now + several + all;
    }
}
