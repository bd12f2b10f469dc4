package org.jvmipc.testkit.contract;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/**
 * The other side of a contract across JVMs: does what the lines say, one after the other, and answers each with one
 * line. A line is a number, a command and its arguments; the answer has the same number, so that an answer which comes
 * too late is not taken for another. Commands are those of {@link PeerEnds}, and here:
 *
 * <ul>
 *   <li>{@code reset}: closes everything, whatever is under way
 *   <li>{@code exit}: ends the process without closing anything
 * </ul>
 */
final class ContractPeer implements Peer {
    static final String ANSWER = "answer ";

    private final ExecutorService worker = Executors.newSingleThreadExecutor(body -> {
        Thread thread = new Thread(body, "commands");
        thread.setDaemon(true);
        return thread;
    });
    private volatile PeerEnds ends = new PeerEnds();

    @Override
    public void run(PeerContext context) throws Exception {
        context.say(ANSWER + "0 ok");
        while (true) {
            String[] words = context.hear().split(" ");
            if ("exit".equals(words[1])) {
                Runtime.getRuntime().exit(0);
            }
            if ("reset".equals(words[1])) {
                PeerEnds old = ends;
                ends = new PeerEnds();
                old.close();
            }
            PeerEnds present = ends;
            worker.execute(() -> context.say(ANSWER + words[0] + " " + answer(present, words)));
        }
    }

    private static String answer(PeerEnds ends, String[] words) {
        if ("reset".equals(words[1])) {
            return "ok";
        }
        try {
            return ("ok " + ends.perform(words)).strip();
        } catch (Throwable failure) {
            return "failed " + failure.toString().replaceAll("\\s+", " ");
        }
    }
}
