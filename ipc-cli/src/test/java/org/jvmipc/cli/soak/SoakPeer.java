package org.jvmipc.cli.soak;

import java.util.List;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/**
 * A process of the soak, which takes part in one round after the other. It hears {@code begin} with a letter, the
 * number of a life, a seed and a round, then {@code settle} and {@code drain}, and {@code check} to look what has
 * stayed.
 */
final class SoakPeer implements Peer {
    private static final int FAILED = 3;

    private Member member;
    private Usage usage;

    @Override
    public void run(PeerContext context) throws Exception {
        context.say("ready");
        for (String line = context.hear(); !line.equals("leave"); line = context.hear()) {
            String[] words = line.split(" ", 5);
            switch (words[0]) {
                case "begin" -> {
                    member = new Member(Round.parse(words[4]), words[1].charAt(0), Integer.parseInt(words[2]),
                            Long.parseLong(words[3]), SoakPeer::fail);
                    member.awaitOpened();
                    context.say("open");
                }
                case "settle" -> {
                    member.settle();
                    context.say("settled");
                }
                case "drain" -> {
                    member.drain();
                    member = null;
                    context.say("drained");
                }
                case "check" -> check(context, Round.parse(line.substring("check ".length())));
                default -> throw new IllegalArgumentException(line);
            }
        }
        context.say("left");
    }

    /** After the first round there is what all channels share; then there is to be no more. */
    private void check(PeerContext context, Round round) {
        if (usage == null) {
            usage = Usage.now(round);
            context.say("noted " + usage);
        } else {
            List<String> more = usage.more();
            context.say(more.isEmpty() ? "noted the same" : "noted more: " + more);
        }
    }

    private static void fail(Throwable failure) {
        failure.printStackTrace();
        System.err.flush();
        Runtime.getRuntime().halt(FAILED);
    }
}
