package org.jvmipc.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jvmipc.observe.ChannelStats;
import org.jvmipc.observe.Counters;
import org.jvmipc.observe.ProcessStats;

/** What processes have counted at the ends of their channels, at one look. */
final class Traffic {
    private static final String DIRECTORY = "dir=";

    /** An end of a channel. Those that a process opened in the same millisecond count as one. */
    private record End(String lifeSign, ChannelStats.End side, Instant opened) {
    }

    /** What an end has counted, whether it still may, and whose it is. */
    private record Count(long messages, long waits, boolean open, Instant blockedSince, String who) {
        private static final Count NONE = new Count(0, 0, true, null, "");

        Count plus(Count other) {
            return new Count(messages + other.messages, waits + other.waits, open || other.open,
                    blockedSince == null ? other.blockedSince : blockedSince, who);
        }
    }

    /**
     * What went through a channel.
     *
     * @param in messages a second that were sent, -1 if nobody counts
     * @param out messages a second that were received, by all receivers together; -1 if nobody counts
     * @param blocked calls a second that had to wait for room, -1 if nobody counts
     * @param blockedMillis for how long somebody has been waiting for room who still is, -1 if nobody
     * @param waiting who that is, each with the time
     */
    record Flow(double in, double out, double blocked, long blockedMillis, List<String> waiting) {
    }

    private final Instant at;
    private final Map<String, Map<End, Count>> channels = new HashMap<>();

    private Traffic(Instant at) {
        this.at = at;
    }

    /** Reads the counters of this user's processes. */
    static Traffic read() {
        Traffic traffic = new Traffic(Instant.now());
        for (ProcessStats process : Counters.processes()) {
            for (ChannelStats stats : process.channels()) {
                traffic.add(process, stats);
            }
        }
        return traffic;
    }

    private void add(ProcessStats process, ChannelStats stats) {
        boolean open = process.alive() && stats.open();
        Count count = new Count(stats.messages(), stats.waits(), open,
                open && stats.end() == ChannelStats.End.SENDER ? stats.waitingSince().orElse(null) : null,
                "pid " + process.pid() + (process.mainClass().isEmpty() ? "" : " (" + process.mainClass() + ")"));
        channels.computeIfAbsent(channel(stats.address()), any -> new HashMap<>())
                .merge(new End(process.lifeSign(), stats.end(), stats.opened()), count, Count::plus);
    }

    /** What {@code ls} calls the channel of an address. */
    static String channel(String address) {
        int options = address.indexOf('?');
        if (options < 0) {
            return address;
        }
        String channel = address.substring(0, options);
        for (String option : address.substring(options + 1).split("&")) {
            if (option.startsWith(DIRECTORY)) {
                return channel + "?backing=file&" + option;
            }
        }
        return channel;
    }

    /**
     * What went through a channel since a look before.
     *
     * @param before that look
     * @param channel as {@code ls} calls it
     * @param seconds how long ago that was
     */
    Flow since(Traffic before, String channel, double seconds) {
        Map<End, Count> old = before.channels.getOrDefault(channel, Map.of());
        double in = -1;
        double out = -1;
        double blocked = -1;
        long longest = -1;
        List<String> waiting = new ArrayList<>();
        for (Map.Entry<End, Count> each : channels.getOrDefault(channel, Map.of()).entrySet()) {
            Count now = each.getValue();
            // What was not there before is new and began with nothing; or it could not be read: then nothing is known.
            boolean known = old.containsKey(each.getKey()) || !each.getKey().opened().isBefore(before.at);
            Count then = known ? old.getOrDefault(each.getKey(), Count.NONE) : now;
            if (!now.open() && now.messages() == then.messages()) {
                // Others may take part who do not count.
                continue;
            }
            double messages = Math.max(0, now.messages() - then.messages()) / seconds;
            if (each.getKey().side() == ChannelStats.End.RECEIVER) {
                out = Math.max(0, out) + messages;
                continue;
            }
            in = Math.max(0, in) + messages;
            blocked = Math.max(0, blocked) + Math.max(0, now.waits() - then.waits()) / seconds;
            if (now.blockedSince() != null) {
                long millis = Math.max(0, at.toEpochMilli() - now.blockedSince().toEpochMilli());
                longest = Math.max(longest, millis);
                waiting.add(now.who() + " has been waiting for room for " + Words.millis(millis));
            }
        }
        return new Flow(in, out, blocked, longest, waiting);
    }
}
