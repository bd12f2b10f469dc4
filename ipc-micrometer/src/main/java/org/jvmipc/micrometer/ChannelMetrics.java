package org.jvmipc.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jvmipc.observe.ChannelStats;
import org.jvmipc.observe.Counters;

/**
 * The channels of this process as meters, by address (without its options) and end ({@code sender}, {@code receiver}):
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>kind</th><th>what</th></tr>
 * <tr><td>{@code jvmipc.messages}, {@code jvmipc.bytes}</td><td>counters</td><td>sent, or received</td></tr>
 * <tr><td>{@code jvmipc.waits}, {@code jvmipc.wakeups}</td><td>counters</td><td>calls that had to wait, and how often
 * these woke up</td></tr>
 * <tr><td>{@code jvmipc.dropped}, {@code jvmipc.failures}</td><td>counters</td><td>as {@link ChannelStats} has
 * them</td></tr>
 * <tr><td>{@code jvmipc.ends}</td><td>gauge</td><td>ends that are open</td></tr>
 * <tr><td>{@code jvmipc.waiting}</td><td>gauge</td><td>for how many seconds the longest call has been waiting, 0 if
 * none is</td></tr>
 * </table>
 *
 * <p>A daemon thread reads the counters from time to time; the meters show what it saw. What an end counted between the
 * last look and its closing is not seen, and the meters of an address go with its last end. Safe for use by any thread.
 *
 * <pre>{@code
 * try (ChannelMetrics metrics = new ChannelMetrics(Duration.ofSeconds(10))) {
 *     metrics.bindTo(registry);
 *     ...
 * }
 * }</pre>
 */
public final class ChannelMetrics implements MeterBinder, AutoCloseable {
    private final ScheduledThreadPoolExecutor ticks;
    private final long everyMillis;
    private final List<MeterRegistry> registries = new ArrayList<>();
    private final Map<Key, Sum> sums = new HashMap<>();

    private record Key(String address, ChannelStats.End end) {
        static Key of(ChannelStats stats) {
            int options = stats.address().indexOf('?');
            return new Key(options < 0 ? stats.address() : stats.address().substring(0, options), stats.end());
        }

        Tags tags() {
            return Tags.of("address", address, "end", end.name().toLowerCase(Locale.ROOT));
        }
    }

    /** The ends of an address, those that were closed included. */
    private static final class Sum {
        private final Map<Long, ChannelStats> open = new HashMap<>();
        private final double[] closed = new double[Column.values().length];
        private final List<Runnable> removals = new ArrayList<>();

        /** Takes what its ends are now. */
        synchronized void look(List<ChannelStats> now) {
            Map<Long, ChannelStats> gone = new HashMap<>(open);
            open.clear();
            for (ChannelStats stats : now) {
                gone.remove(stats.number());
                open.put(stats.number(), stats);
            }
            for (ChannelStats last : gone.values()) {
                for (Column column : Column.values()) {
                    closed[column.ordinal()] += column.of(last);
                }
            }
        }

        synchronized double total(Column column) {
            return closed[column.ordinal()] + open.values().stream().mapToDouble(column::of).sum();
        }

        synchronized int ends() {
            return open.size();
        }

        synchronized double waitingSeconds() {
            long now = System.currentTimeMillis();
            return open.values().stream().flatMap(stats -> stats.waitingSince().stream())
                    .mapToLong(since -> now - since.toEpochMilli()).max().orElse(0) / 1e3;
        }
    }

    /** What is counted. */
    private enum Column {
        MESSAGES("jvmipc.messages", "Messages sent, or received", null),
        BYTES("jvmipc.bytes", "Bytes of these messages", "bytes"),
        WAITS("jvmipc.waits", "Calls that had to wait", null),
        WAKEUPS("jvmipc.wakeups", "How often those that waited woke up", null),
        DROPPED("jvmipc.dropped", "Messages dropped for want of room, or missed", null),
        FAILURES("jvmipc.failures", "Calls that did not do what they were asked to", null);

        private final String meter;
        private final String description;
        private final String unit;

        Column(String meter, String description, String unit) {
            this.meter = meter;
            this.description = description;
            this.unit = unit;
        }

        double of(ChannelStats stats) {
            return switch (this) {
                case MESSAGES -> stats.messages();
                case BYTES -> stats.bytes();
                case WAITS -> stats.waits();
                case WAKEUPS -> stats.wakeUps();
                case DROPPED -> stats.dropped();
                case FAILURES -> stats.failures();
            };
        }
    }

    /**
     * Creates it; its thread starts with the first {@link #bindTo}.
     *
     * @param every how often to look at the channels, at least a millisecond
     * @throws IllegalArgumentException if that is less
     */
    public ChannelMetrics(Duration every) {
        everyMillis = every.toMillis();
        if (everyMillis < 1) {
            throw new IllegalArgumentException("the channels are to be looked at every " + every
                    + "; at least 1 ms is needed, 10 s are usual");
        }
        ticks = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "ipc-micrometer");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        if (ticks.isShutdown()) {
            throw new IllegalStateException("these metrics were closed");
        }
        if (registries.isEmpty()) {
            ticks.scheduleWithFixedDelay(this::refresh, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
        }
        registries.add(registry);
        sums.forEach((key, sum) -> register(registry, key, sum));
        refresh();
    }

    /** Looks at the channels now. */
    public synchronized void refresh() {
        Map<Key, List<ChannelStats>> now = new HashMap<>();
        for (ChannelStats stats : Counters.own()) {
            now.computeIfAbsent(Key.of(stats), key -> new ArrayList<>()).add(stats);
        }
        sums.forEach((key, sum) -> sum.look(now.getOrDefault(key, List.of())));
        now.forEach((key, ends) -> sums.computeIfAbsent(key, added -> {
            Sum sum = new Sum();
            sum.look(ends);
            registries.forEach(registry -> register(registry, added, sum));
            return sum;
        }));
        sums.entrySet().removeIf(entry -> {
            boolean over = entry.getValue().ends() == 0;
            if (over) {
                entry.getValue().removals.forEach(Runnable::run);
            }
            return over;
        });
    }

    private static void register(MeterRegistry registry, Key key, Sum sum) {
        List<Meter> meters = new ArrayList<>();
        for (Column column : Column.values()) {
            meters.add(FunctionCounter.builder(column.meter, sum, it -> it.total(column))
                    .description(column.description).baseUnit(column.unit).tags(key.tags()).register(registry));
        }
        meters.add(Gauge.builder("jvmipc.ends", sum, Sum::ends)
                .description("Ends that are open").tags(key.tags()).strongReference(true).register(registry));
        meters.add(Gauge.builder("jvmipc.waiting", sum, Sum::waitingSeconds).baseUnit("seconds")
                .description("For how long a call has been waiting").tags(key.tags()).strongReference(true)
                .register(registry));
        sum.removals.add(() -> meters.forEach(registry::remove));
    }

    /** Ends looking, and removes the meters from their registries. Idempotent. */
    @Override
    public synchronized void close() {
        ticks.shutdownNow();
        sums.values().forEach(sum -> sum.removals.forEach(Runnable::run));
        sums.clear();
        registries.clear();
    }
}
