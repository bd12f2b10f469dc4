package org.jvmipc.cli.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.Debris;
import org.jvmipc.testkit.DebrisItem;
import org.jvmipc.testkit.DebrisKind;

/**
 * What this process has between two rounds, when it has nothing open: descriptors, mappings and threads. What all
 * channels of a process share is there from the first round on.
 */
final class Usage {
    /** Those that all channels share come when they are needed, and core's go when they are idle. */
    private static final Pattern SHARED = Pattern.compile("ipc-(events|ticks|futex|poll|select|shm-poll).*");
    private static final Duration SETTLE = Duration.ofSeconds(20);

    private final Debris debris;
    private final Map<String, Integer> threads;

    private Usage(Debris debris, Map<String, Integer> threads) {
        this.debris = debris;
        this.threads = threads;
    }

    static Usage now(Round round) {
        // What is mapped still is to be collected, so that it is not taken for what has to be there.
        System.gc();
        Debris debris = Debris.snapshot(round.directory(), round.prefix());
        for (DebrisKind kind : Set.of(DebrisKind.FILE, DebrisKind.SHARED_OBJECT, DebrisKind.REGISTRY)) {
            debris.relax(kind, "others are using them, and who started all of them looks at the end");
        }
        return new Usage(debris, threads());
    }

    /** What there is more than at the beginning, after it had time to go. */
    List<String> more() {
        // What is open for asking living processes again is not kept for a channel; of the dead nothing may be.
        LifeSign.list().forEach(LifeSign::forget);
        List<String> more = new ArrayList<>(debris.find(SETTLE).stream().map(DebrisItem::toString).toList());
        try {
            Await.until(SETTLE, "threads to end", () -> moreThreads().isEmpty());
        } catch (AssertionError stay) {
            more.addAll(moreThreads());
        }
        return more;
    }

    private List<String> moreThreads() {
        return threads().entrySet().stream()
                .filter(now -> now.getValue() > threads.getOrDefault(now.getKey(), 0))
                .map(now -> now.getValue() + " threads " + now.getKey()).toList();
    }

    /** By their names, of which those that all channels share may be there once. */
    private static Map<String, Integer> threads() {
        Map<String, Integer> counts = new HashMap<>(Thread.getAllStackTraces().keySet().stream()
                .collect(Collectors.toMap(Thread::getName, any -> 1, Integer::sum)));
        counts.entrySet().removeIf(count -> SHARED.matcher(count.getKey()).matches() && count.getValue() == 1);
        return counts;
    }

    @Override
    public String toString() {
        return "threads " + threads;
    }
}
