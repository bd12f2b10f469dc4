package org.jvmipc.demos.events;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.demos.Crew;
import org.jvmipc.demos.Demos;

/** A log of events on disk: who comes late reads it from the beginning, and then follows it. */
public final class EventLog {
    private static final String USAGE = """
            Usage: ipc run event-log [EVENTS]
            EVENTS events (1 to 100000; else 100) are written to a queue on disk. Then a process begins to read, gets
            all of them, and follows while as many again are written. One that reads half, ends and comes back goes on
            where it was. Fails if an event is missing, or comes twice.""";
    private static final int DEFAULT_EVENTS = 100;
    private static final int MOST_EVENTS = 100_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private EventLog() {
    }

    /**
     * Runs it.
     *
     * @param args how many events there are at first
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        if (Demos.helps(args, USAGE)) {
            return;
        }
        int events = Demos.number(args, 0, "EVENTS", DEFAULT_EVENTS, MOST_EVENTS);
        Path directory = Demos.directory();
        String log = "queue:" + directory.resolve("events");
        try (Sender sender = Ipc.sender(log);
                Receiver answers = Ipc.receiver("queue:" + directory.resolve("answers"));
                Crew crew = new Crew()) {
            write(sender, 0, events);
            Demos.say("%,d events are written, and nobody has read any", events);
            crew.start(Follower.class, log, "queue:" + directory.resolve("answers"), 2 * events, events);
            Demos.say("%s", answers.receive(PATIENCE).text());
            write(sender, events, 2 * events);
            Demos.say("%s", answers.receive(PATIENCE).text());
            crew.join();
            Demos.say("a reader who leaves in the middle: %s, %s", read(log, 0, events),
                    read(log, events, 2 * events));
        }
    }

    private static void write(Sender sender, int from, int to) throws InterruptedException {
        for (int i = from; i < to; i++) {
            sender.send(StandardCharsets.UTF_8.encode("event " + i));
        }
    }

    /** Reads under a name, whose place in the log is kept on disk. */
    private static String read(String log, int from, int to) throws InterruptedException {
        try (Receiver receiver = Ipc.receiver(log + "?reader=archive")) {
            for (int i = from; i < to; i++) {
                check(receiver, i);
            }
        }
        return "events " + from + " to " + (to - 1);
    }

    static void check(Receiver receiver, int number) throws InterruptedException {
        String text = receiver.receive(PATIENCE).text();
        if (!text.equals("event " + number)) {
            throw new IllegalStateException("event " + number + " was to come, and \"" + text + "\" did");
        }
    }
}
