package org.jvmipc.shm;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import org.jvmipc.ChannelArray;
import org.jvmipc.Codec;
import org.jvmipc.Duplex;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.Replier;
import org.jvmipc.TypedSender;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** The other process of what is built on channels. */
final class TalkPeer implements Peer {
    /** What is asked. */
    record Question(long number, String text) {
    }

    /** What is replied. */
    record Answer(long number, List<String> words, Optional<Long> pid) {
    }

    static Answer answer(Question question) {
        return new Answer(question.number(), List.of(question.text(), "!"), Optional.of(question.number() / 2));
    }

    @Override
    public void run(PeerContext context) throws Exception {
        String address = context.args().get(1);
        switch (context.args().get(0)) {
            case "serve" -> serve(context, address);
            case "array" -> array(address, Integer.parseInt(context.args().get(2)));
            default -> throw new IllegalArgumentException(context.args().toString());
        }
    }

    private static void serve(PeerContext context, String address) throws InterruptedException {
        Duplex accepted;
        try (Listener listener = Ipc.listen(address)) {
            context.say("listening");
            accepted = listener.accept();
        }
        try (Replier<Question, Answer> replier = Replier.over(
                accepted, Codec.ofRecord(Question.class), Codec.ofRecord(Answer.class))) {
            replier.startAsync(question -> question.number() < 0 ? new CompletableFuture<>()
                    : CompletableFuture.completedFuture(answer(question)), ForkJoinPool.commonPool()).ended().join();
        }
    }

    private static void array(String address, int number) throws InterruptedException {
        try (ChannelArray<Question> channels = Ipc.array(address, number + 1, Question.class)) {
            TypedSender<Question> sender = channels.sender(number);
            for (int i = 0; i < 1_000; i++) {
                sender.send(new Question(i, "worker " + number));
            }
            sender.close(Duration.ofSeconds(20));
        }
    }
}
