package org.jvmipc.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.InspectedPeer;
import org.jvmipc.spi.InspectedPeer.Presence;

/**
 * What has happened at an object between two looks.
 *
 * @param object as it is now
 * @param inBytes bytes a second into it, with the headers of messages; -1 if unknown
 * @param outBytes bytes a second out of it; -1 if unknown
 * @param growth how many bytes more are in it
 * @param flow what those who use it have counted
 */
record Change(Inspected object, double inBytes, double outBytes, long growth, Traffic.Flow flow) {
    /**
     * Compares two looks.
     *
     * @param old the object at the one before, null if it was not there
     * @param now the object
     * @param seconds between them
     * @param flow what was counted meanwhile
     */
    static Change of(Inspected old, Inspected now, double seconds, Traffic.Flow flow) {
        boolean counted = old != null && seconds > 0 && now.sentBytes() != Inspected.UNKNOWN;
        boolean deep = old != null && old.depthBytes() >= 0 && now.depthBytes() >= 0;
        return new Change(now, counted ? (now.sentBytes() - old.sentBytes()) / seconds : -1,
                counted ? (now.takenBytes() - old.takenBytes()) / seconds : -1,
                deep ? now.depthBytes() - old.depthBytes() : 0, flow);
    }

    /** For sorting: where most goes on. */
    double activity() {
        return Math.max(Math.max(inBytes, outBytes), Math.max(flow.in(), flow.out()));
    }

    /** Messages where they are counted, else bytes. */
    String in() {
        return rate(flow.in(), inBytes);
    }

    /** Messages where they are counted, else bytes. */
    String out() {
        return rate(flow.out(), outBytes);
    }

    private static String rate(double messages, double bytes) {
        return messages >= 0 ? Words.count(messages) + " msg" : bytes < 0 ? "-" : Words.bytes(Math.round(bytes));
    }

    String grown() {
        return growth == 0 ? "-" : (growth > 0 ? "+" : "-") + Words.bytes(Math.abs(growth));
    }

    /** For how long somebody has been waiting for room; else how often that happened. */
    String blocked() {
        return flow.blockedMillis() >= 0 ? "for " + Words.millis(flow.blockedMillis())
                : flow.blocked() > 0 ? Words.count(flow.blocked()) + "/s" : "-";
    }

    /** Who takes part and does not run, and who waits for room: a line each. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (InspectedPeer peer : object.peers()) {
            if (peer.presence() == Presence.STOPPED || peer.presence() == Presence.DEAD) {
                notes.add(object.name() + ": " + peer.role() + " " + peer.pid()
                        + (peer.name().isEmpty() ? "" : " (" + peer.name() + ")") + " is "
                        + Description.presence(peer.presence())
                        + (peer.lag() > 0 ? ", " + Words.bytes(peer.lag()) + " behind" : ""));
            }
        }
        flow.waiting().forEach(who -> notes.add(object.name() + ": " + who));
        return notes;
    }

    /** By names that do not change. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("inMessagesPerSecond", known(flow.in()));
        json.put("outMessagesPerSecond", known(flow.out()));
        json.put("inBytesPerSecond", known(inBytes));
        json.put("outBytesPerSecond", known(outBytes));
        json.put("growthBytes", growth);
        json.put("blockedPerSecond", known(flow.blocked()));
        json.put("blockedMillis", flow.blockedMillis() < 0 ? null : flow.blockedMillis());
        json.putAll(Description.json(object));
        return json;
    }

    private static Object known(double rate) {
        return rate < 0 ? null : (Object) (Math.round(rate * 10) / 10.0);
    }
}
