package org.jvmipc.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.Inspected.Condition;
import org.jvmipc.spi.InspectedPeer;
import org.jvmipc.spi.InspectedPeer.Presence;

/** An object in words, and as what becomes JSON. */
final class Description {
    private static final int MANY = 4;

    private Description() {
    }

    /** In one word. */
    static String state(Inspected object) {
        if (object.condition() != Condition.OK) {
            return object.condition().name().toLowerCase(Locale.ROOT);
        }
        return switch (object.verdict()) {
            case DEAD -> "dead";
            case KEPT -> "unused";
            case IN_USE -> "in use";
            case NONE -> "-";
        };
    }

    static String mode(Inspected object) {
        return object.mode() < 0 ? "-" : Integer.toOctalString(object.mode());
    }

    static String depth(Inspected object) {
        if (object.depthMessages() >= 0) {
            return object.depthMessages() + " msg"
                    + (object.depthBytes() > 0 ? ", " + Words.bytes(object.depthBytes()) : "");
        }
        if (object.depthBytes() >= 0) {
            return Words.bytes(object.depthBytes());
        }
        Object waiters = object.details().get("waiters");
        if (waiters instanceof Number number && number.longValue() > 0) {
            return number + " waiting";
        }
        Object permits = object.details().get("permits");
        return permits == null ? "-" : permits + " permits";
    }

    /** Who is there, by number, those who do not run first; if there are many, these and how many others. */
    static String peers(Inspected object) {
        Map<String, InspectedPeer> processes = new LinkedHashMap<>();
        for (InspectedPeer peer : object.peers()) {
            // A participant that holds something is shown once, by that.
            String process = peer.pid() + "@" + peer.process();
            InspectedPeer known = processes.get(process);
            if (known == null || known.role().equals("participant")) {
                processes.put(process, peer);
            }
        }
        List<InspectedPeer> ordered = new ArrayList<>();
        List<InspectedPeer> running = new ArrayList<>();
        for (InspectedPeer peer : processes.values()) {
            boolean runs = peer.presence() == Presence.ALIVE || peer.presence() == Presence.UNKNOWN;
            (runs ? running : ordered).add(peer);
        }
        int shown = processes.size() <= MANY ? processes.size() : Math.min(ordered.size(), MANY - 1);
        ordered.addAll(running);
        List<String> words = new ArrayList<>();
        for (InspectedPeer peer : ordered.subList(0, shown)) {
            words.add(peer(peer));
        }
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (InspectedPeer peer : ordered.subList(shown, ordered.size())) {
            String presence = presence(peer.presence());
            counts.put(presence, counts.getOrDefault(presence, 0) + 1);
        }
        for (Map.Entry<String, Integer> count : counts.entrySet()) {
            words.add(count.getValue() + " " + (count.getKey().isEmpty() ? "alive" : count.getKey()));
        }
        return words.isEmpty() ? "-" : String.join(", ", words);
    }

    private static String peer(InspectedPeer peer) {
        String presence = presence(peer.presence());
        return peer.role() + " " + (peer.pid() < 0 ? "?" : peer.pid()) + (presence.isEmpty() ? "" : " " + presence);
    }

    /** Empty for those who just live. */
    static String presence(Presence presence) {
        return switch (presence) {
            case ALIVE -> "";
            case STOPPED -> "stopped";
            case DEAD -> "dead";
            case UNKNOWN -> "unknown";
        };
    }

    static boolean isAnybody(Inspected object, Presence presence) {
        for (InspectedPeer peer : object.peers()) {
            if (peer.presence() == presence) {
                return true;
            }
        }
        return false;
    }

    /** All that is known, by names that do not change. */
    static Map<String, Object> json(Inspected object) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", object.name());
        json.put("kind", object.kind());
        json.put("where", object.where());
        json.put("state", state(object));
        json.put("problem", object.problem());
        json.put("removable", object.verdict() == Inspected.Verdict.DEAD);
        json.put("reason", object.verdictReason());
        json.put("foreign", object.isForeign());
        json.put("uid", known(object.uid()));
        json.put("mode", mode(object));
        json.put("bytes", known(object.bytes()));
        json.put("depthMessages", known(object.depthMessages()));
        json.put("depthBytes", known(object.depthBytes()));
        json.put("capacityBytes", known(object.capacityBytes()));
        json.put("since", object.since() == null ? null : object.since().toString());
        json.put("ageSeconds", object.since() == null ? null
                : Math.max(0, Instant.now().getEpochSecond() - object.since().getEpochSecond()));
        json.put("identity", object.identity());
        List<Object> peers = new ArrayList<>();
        for (InspectedPeer peer : object.peers()) {
            peers.add(json(peer));
        }
        json.put("peers", peers);
        json.put("details", object.details());
        return json;
    }

    private static Map<String, Object> json(InspectedPeer peer) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("role", peer.role());
        json.put("pid", known(peer.pid()));
        json.put("name", peer.name());
        json.put("presence", peer.presence().name().toLowerCase(Locale.ROOT));
        json.put("thread", known(peer.thread()));
        json.put("lagBytes", known(peer.lag()));
        json.put("millis", known(peer.millis()));
        json.put("note", peer.note());
        return json;
    }

    private static Object known(long number) {
        return number < 0 ? null : (Object) number;
    }
}
