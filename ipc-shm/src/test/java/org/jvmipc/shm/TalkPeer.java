package org.jvmipc.shm;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import org.jvmipc.Address;
import org.jvmipc.ChannelArray;
import org.jvmipc.ChannelSubscriber;
import org.jvmipc.Codec;
import org.jvmipc.Ipc;
import org.jvmipc.Letter;
import org.jvmipc.Mailbox;
import org.jvmipc.Replier;
import org.jvmipc.SlowSubscriber;
import org.jvmipc.TopicPublisher;
import org.jvmipc.TypedDuplex;
import org.jvmipc.TypedListener;
import org.jvmipc.TypedReceiver;
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
            case "publish" -> publish(context, address);
            case "mail" -> mail(context, address, context.args().get(2));
            case "flow" -> flow(context, address, context.args().get(2));
            default -> throw new IllegalArgumentException(context.args().toString());
        }
    }

    private static void serve(PeerContext context, String address) throws InterruptedException {
        TypedDuplex<Answer, Question> accepted;
        try (TypedListener<Answer, Question> listener = Ipc.listen(
                address, Codec.ofRecord(Answer.class), Codec.ofRecord(Question.class))) {
            context.say("listening");
            accepted = listener.accept();
        }
        try (Replier<Question, Answer> replier = Replier.over(accepted)) {
            replier.startAsync(question -> question.number() < 0 ? new CompletableFuture<>()
                    : CompletableFuture.completedFuture(answer(question)), ForkJoinPool.commonPool()).ended().join();
        }
    }

    /** Publishes what late ones get as history, and then as many as it hears. */
    private static void publish(PeerContext context, String address) throws InterruptedException {
        try (TopicPublisher<Question> publisher = TopicPublisher.at(address, Codec.ofRecord(Question.class))
                .history(10).queue(10).slow(SlowSubscriber.DROP_OLDEST).open()) {
            for (int i = 0; i < 20; i++) {
                publisher.publish(i % 2 == 0 ? "even" : "odd", new Question(i, "early"));
            }
            context.say("published");
            long next = 0;
            for (String line = context.hear();; line = context.hear()) {
                if (line.equals("flush")) {
                    context.say("flushed " + publisher.flush(Duration.ofSeconds(20)));
                    continue;
                }
                for (long end = next + Long.parseLong(line); next < end; next++) {
                    publisher.publish("flood", new Question(next, "late"));
                }
                context.say("flooded");
            }
        }
    }

    /** Replies to the boss, passes on what it is asked to pass on, and tells the boss what others write. */
    private static void mail(PeerContext context, String form, String name) throws InterruptedException {
        try (Mailbox mine = Mailbox.open(name, Address.parse(form))) {
            context.say("open");
            for (Letter letter : mine.range()) {
                String[] words = letter.text().split(" ", 3);
                switch (words[0]) {
                    case "end" -> {
                        return;
                    }
                    case "pass" -> mine.send(words[1], words[2]);
                    case "ask" -> mine.send(letter.source(), "answer to " + words[1]);
                    default -> mine.send("boss", letter.source() + " wrote " + letter.text());
                }
            }
        }
    }

    /** Hands on all that comes, as it is asked for. */
    private static void flow(PeerContext context, String from, String to) {
        try (TypedReceiver<Long> in = Ipc.receiver(from, Codec.longs());
                TypedSender<Long> out = Ipc.sender(to, Codec.longs())) {
            ChannelSubscriber<Long> sink = out.subscriber();
            in.publisher().subscribe(sink);
            context.say("flows");
            sink.ended().join();
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
