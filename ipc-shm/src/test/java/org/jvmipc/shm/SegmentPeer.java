package org.jvmipc.shm;

import java.time.Duration;
import java.util.Random;
import org.jvmipc.WaitStrategy;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/**
 * The other process of a test of segments. Its first argument says what it does; the second one stands for a segment:
 * {@code posix:name}, {@code sysv:name} or {@code id:number}.
 */
final class SegmentPeer implements Peer {
    /** Where the parent and the racers keep what they tell each other. */
    static final long PHASE = 0;
    static final long DONE = 128;
    static final long RESULTS = 256;
    static final int RACE_SIZE = 5000;

    private static final Duration LONG = Duration.ofSeconds(20);

    @Override
    public void run(PeerContext context) throws Exception {
        SharedSegmentBuilder segment = builder(context.arg(1));
        switch (context.arg(0)) {
            case "echo" -> echo(context, segment.open());
            case "plain" -> plain(context, segment.waitStrategy(WaitStrategy.YIELD).create(RACE_SIZE));
            case "hold" -> hold(context, segment.openOrCreate(RACE_SIZE));
            case "keep" -> hold(context, segment.keep().openOrCreate(RACE_SIZE));
            case "race" -> race(segment, SharedSegment.posix(context.arg(2)).open(), Integer.parseInt(context.arg(3)),
                    Integer.parseInt(context.arg(4)));
            case "create" -> create(context, backing(context.arg(1)));
            case "clean" -> clean(context, backing(context.arg(1)), context.arg(2).equals("unlinks"));
            case "churn" -> churn(context, segment, Long.parseLong(context.arg(2)));
            default -> throw new IllegalArgumentException(context.arg(0));
        }
    }

    static SharedSegmentBuilder builder(String text) {
        String[] part = text.split(":", 2);
        return switch (part[0]) {
            case "posix" -> SharedSegment.posix(part[1]);
            case "sysv" -> SharedSegment.sysv(part[1]);
            case "id" -> SharedSegment.sysvId(Integer.parseInt(part[1]));
            default -> throw new IllegalArgumentException(text);
        };
    }

    static Backing backing(String text) {
        String[] part = text.split(":", 2);
        return part[0].equals("posix") ? new FileBacking(PosixNames.path(part[1]))
                : SysvBacking.ofKey(SysvBacking.key(part[1]));
    }

    /** Adds one to what it finds in the word at 0 and puts it into the one at 64, until it finds a negative number. */
    private static void echo(PeerContext context, SharedSegment opened) throws InterruptedException {
        try (SharedSegment segment = opened) {
            SharedLong there = segment.longAt(0);
            SharedLong back = segment.longAt(64);
            context.say("open " + segment.generation() + " " + segment.size());
            long last = 0;
            while (last >= 0) {
                long before = last;
                last = there.await(value -> value != before, LONG);
                back.set(last + 1);
            }
            context.say("text " + segment.buffer().getInt(128));
        }
    }

    private static void plain(PeerContext context, SharedSegment opened) throws InterruptedException {
        try (SharedSegment segment = opened) {
            Thread other = new Thread(() -> segment.longAt(0).set(1));
            other.start();
            context.say("waited for " + segment.longAt(0).await(value -> value != 0, LONG));
            other.join();
        }
    }

    private static void hold(PeerContext context, SharedSegment segment) throws InterruptedException {
        segment.longAt(0).set(4711);
        context.say("holds " + segment.generation());
        context.hear();
    }

    /** Opens and closes with the others, at the word of the parent. */
    private static void race(SharedSegmentBuilder contested, SharedSegment control, int number, int rounds)
            throws InterruptedException {
        try (control) {
            SharedInt phase = control.intAt(PHASE);
            SharedInt done = control.intAt(DONE);
            for (int round = 0; round < rounds; round++) {
                int opens = 2 * round + 1;
                phase.await(value -> value >= opens, LONG);
                try (SharedSegment segment = contested.openOrCreate(RACE_SIZE)) {
                    control.longAt(RESULTS + 16L * number).set(segment.generation());
                    control.longAt(RESULTS + 16L * number + 8).set(segment.isCreator() ? 1 : 0);
                    done.getAndAdd(1);
                    phase.await(value -> value > opens, LONG);
                }
                done.getAndAdd(1);
            }
        }
    }

    /** Comes as far in creating a segment as before "ready". */
    private static void create(PeerContext context, Backing backing) throws Exception {
        try (Backing.Handle handle = backing.open(true, System.nanoTime())) {
            handle.lock(System.nanoTime());
            handle.back(SharedLayout.HEADER_SIZE + RACE_SIZE, SharedHeader.beginning());
            context.say("creating");
            context.hear();
        }
    }

    /** Comes as far in removing what the dead have left as before, or after, it is gone. */
    private static void clean(PeerContext context, Backing backing, boolean unlinks) throws Exception {
        try (Backing.Handle handle = backing.open(false, System.nanoTime())) {
            handle.lock(System.nanoTime());
            if (unlinks) {
                handle.unlink();
            }
            context.say("cleaning");
            context.hear();
        }
    }

    /** Opens and closes, as quickly as it can; the generation must be the given one, if that is not 0. */
    private static void churn(PeerContext context, SharedSegmentBuilder builder, long generation) {
        context.say("churns");
        Random random = new Random();
        while (true) {
            try (SharedSegment segment = builder.openOrCreate(RACE_SIZE)) {
                if (generation != 0 && segment.generation() != generation) {
                    context.say("split " + segment.generation());
                }
                segment.longAt(8 * random.nextInt(100)).getAndAdd(1);
            }
        }
    }
}
