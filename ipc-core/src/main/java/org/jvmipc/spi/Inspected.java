package org.jvmipc.spi;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An object that was found: a channel, a segment, a queue, a lock, a file beside them. A snapshot; its numbers were
 * read one after the other while others went on.
 */
public final class Inspected {
    /** Stands for a number that is not known. */
    public static final long UNKNOWN = -1;

    private final String name;
    private final String kind;
    private final String where;
    private final Map<String, Object> details = new LinkedHashMap<>();
    private final List<InspectedPeer> peers = new ArrayList<>();
    private Condition condition = Condition.OK;
    private String problem = "";
    private Verdict verdict = Verdict.NONE;
    private String verdictReason = "";
    private int uid = -1;
    private int mode = -1;
    private String identity = "";
    private Instant since;
    private long bytes = UNKNOWN;
    private long depthMessages = UNKNOWN;
    private long depthBytes = UNKNOWN;
    private long capacityBytes = UNKNOWN;
    private long sentBytes = UNKNOWN;
    private long takenBytes = UNKNOWN;
    private boolean foreign;

    /** In what state an object is. */
    public enum Condition {
        /** Nothing is wrong with it. */
        OK,
        /** Its creator has not finished it. */
        UNFINISHED,
        /** What stands in it cannot be. */
        DAMAGED,
        /** This user may not read it. */
        UNREADABLE
    }

    /** Whether an object may be removed. */
    public enum Verdict {
        /** It is not for this toolkit to say. */
        NONE,
        /** Somebody who lives, or may live, uses it. */
        IN_USE,
        /** Nobody uses it, and it is to be kept for those who come. */
        KEPT,
        /** All who used it are provably dead, and nobody wanted it kept. */
        DEAD
    }

    /**
     * Begins a description.
     *
     * @param name what users call it: an address where it is a channel
     * @param kind what it is, such as {@code ring spsc}
     * @param where what stands for it, such as a path
     */
    public Inspected(String name, String kind, String where) {
        this.name = name;
        this.kind = kind;
        this.where = where;
    }

    /**
     * Takes over what the file system tells.
     *
     * @param file what was read
     * @return this
     */
    public Inspected file(FileFacts file) {
        owned(file.uid(), file.mode());
        this.bytes = file.bytes();
        this.since = file.created();
        this.identity = file.identity();
        details.put("path", file.path().toString());
        details.put("inode", file.identity());
        return this;
    }

    /**
     * What the file system tells of a file.
     *
     * @param path where it is
     * @param uid whose it is
     * @param mode its permissions
     * @param bytes its size
     * @param created when it was made; null if unknown
     * @param identity device and number
     */
    public record FileFacts(Path path, int uid, int mode, long bytes, Instant created, String identity) {
    }

    /**
     * Says whose it is.
     *
     * @param owner a user id
     * @param permissions the lowest nine bits
     * @return this
     */
    public Inspected owned(int owner, int permissions) {
        this.uid = owner;
        this.mode = permissions & 0777;
        return this;
    }

    /**
     * Says how large it is and since when it is there.
     *
     * @param size in bytes
     * @param created when it was made; null if unknown
     * @return this
     */
    public Inspected sized(long size, Instant created) {
        this.bytes = size;
        this.since = created;
        return this;
    }

    /**
     * Says what is in it.
     *
     * @param messages how many messages
     * @param inBytes how many bytes
     * @param capacity how many bytes fit
     * @return this
     */
    public Inspected holds(long messages, long inBytes, long capacity) {
        this.depthMessages = messages;
        this.depthBytes = inBytes;
        this.capacityBytes = capacity;
        return this;
    }

    /**
     * Says how much went through it, for rates.
     *
     * @param sent bytes ever sent, modulo 2^64
     * @param taken bytes ever taken, modulo 2^64
     * @return this
     */
    public Inspected flowed(long sent, long taken) {
        this.sentBytes = sent;
        this.takenBytes = taken;
        return this;
    }

    /**
     * Says that something is wrong.
     *
     * @param what in which way
     * @param why in words
     * @return this
     */
    public Inspected condition(Condition what, String why) {
        this.condition = what;
        this.problem = why;
        return this;
    }

    /**
     * Says whether it may be removed.
     *
     * @param what whether
     * @param why in words
     * @return this
     */
    public Inspected verdict(Verdict what, String why) {
        this.verdict = what;
        this.verdictReason = why;
        return this;
    }

    /**
     * Says that another program has it, and not the toolkit.
     *
     * @return this
     */
    public Inspected foreign() {
        this.foreign = true;
        return this;
    }

    /**
     * Adds somebody who takes part.
     *
     * @param peer who
     * @return this
     */
    public Inspected peer(InspectedPeer peer) {
        peers.add(peer);
        return this;
    }

    /**
     * Adds something worth knowing.
     *
     * @param what its name
     * @param value a {@link Number}, a {@link Boolean} or a text
     * @return this
     */
    public Inspected detail(String what, Object value) {
        details.put(what, value);
        return this;
    }

    /**
     * What users call it.
     *
     * @return an address where it is a channel
     */
    public String name() {
        return name;
    }

    /**
     * What it is.
     *
     * @return such as {@code ring spsc}
     */
    public String kind() {
        return kind;
    }

    /**
     * What stands for it.
     *
     * @return such as a path
     */
    public String where() {
        return where;
    }

    /**
     * In what state it is.
     *
     * @return the state
     */
    public Condition condition() {
        return condition;
    }

    /**
     * What is wrong with it.
     *
     * @return empty if nothing is
     */
    public String problem() {
        return problem;
    }

    /**
     * Whether it may be removed.
     *
     * @return the verdict
     */
    public Verdict verdict() {
        return verdict;
    }

    /**
     * Why.
     *
     * @return words
     */
    public String verdictReason() {
        return verdictReason;
    }

    /**
     * Whose it is.
     *
     * @return a user id, -1 if unknown
     */
    public int uid() {
        return uid;
    }

    /**
     * Who may open it.
     *
     * @return nine bits, -1 if unknown
     */
    public int mode() {
        return mode;
    }

    /**
     * Tells it from others that were or will be under its name.
     *
     * @return device and inode of a file, or empty
     */
    public String identity() {
        return identity;
    }

    /**
     * Since when it is there.
     *
     * @return null if unknown
     */
    public Instant since() {
        return since;
    }

    /**
     * How large it is.
     *
     * @return bytes, or {@link #UNKNOWN}
     */
    public long bytes() {
        return bytes;
    }

    /**
     * What is in it.
     *
     * @return messages, or {@link #UNKNOWN}
     */
    public long depthMessages() {
        return depthMessages;
    }

    /**
     * What is in it.
     *
     * @return bytes, or {@link #UNKNOWN}
     */
    public long depthBytes() {
        return depthBytes;
    }

    /**
     * What fits.
     *
     * @return bytes, or {@link #UNKNOWN}
     */
    public long capacityBytes() {
        return capacityBytes;
    }

    /**
     * What was ever sent, for rates.
     *
     * @return bytes modulo 2^64, or {@link #UNKNOWN}
     */
    public long sentBytes() {
        return sentBytes;
    }

    /**
     * What was ever taken, for rates.
     *
     * @return bytes modulo 2^64, or {@link #UNKNOWN}
     */
    public long takenBytes() {
        return takenBytes;
    }

    /**
     * Whether another program has it, and not the toolkit.
     *
     * @return false for the toolkit's own
     */
    public boolean isForeign() {
        return foreign;
    }

    /**
     * Who takes part.
     *
     * @return a copy
     */
    public List<InspectedPeer> peers() {
        return List.copyOf(peers);
    }

    /**
     * What else is worth knowing.
     *
     * @return a copy, in the order of adding
     */
    public Map<String, Object> details() {
        return new LinkedHashMap<>(details);
    }

    @Override
    public String toString() {
        return kind + " " + name;
    }
}
