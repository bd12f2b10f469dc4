package org.jvmipc.cli.demo;

import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import org.jvmipc.spi.ChannelProvider;

/**
 * A kind of channel to be shown: one row.
 *
 * @param scheme the scheme
 * @param type what tells it from others of the scheme, possibly empty
 * @param stream whether it carries bytes; else messages
 * @param template its address, with {@code {path}}, {@code {name}} or {@code {key}} for what is unique to a run, and
 *     {@code {capacity}} for what fits the messages
 * @param way how both directions are made
 */
public record Variant(String scheme, String type, boolean stream, String template, Way way) {
    private static final boolean MESSAGES = false;
    private static final boolean BYTES = true;

    private static final int LEAST_CAPACITY = 1 << 20;
    /** A power of two, as a ring's capacity is one. */
    private static final int MESSAGES_IN_RING = 8;

    private static final List<Variant> ALL = List.of(
            new Variant("shm", "", MESSAGES, "shm:{name}?capacity={capacity}", Way.LISTEN),
            new Variant("shm", "", BYTES, "shm:{name}?capacity={capacity}", Way.LISTEN),
            new Variant("shm", "mpsc", MESSAGES, "shm:{name}?ring=mpsc&producers=1&capacity={capacity}", Way.PAIR),
            new Variant("shm", "broadcast", MESSAGES, "shm:{name}?ring=broadcast&capacity={capacity}", Way.PAIR),
            new Variant("unix", "stream", MESSAGES, "unix:{path}", Way.LISTEN),
            new Variant("unix", "stream", BYTES, "unix:{path}", Way.LISTEN),
            new Variant("unix", "seqpacket", MESSAGES, "unix:{path}?type=seqpacket", Way.LISTEN),
            new Variant("unix", "dgram", MESSAGES, "unix:{path}?type=dgram", Way.PAIR),
            new Variant("fifo", "", MESSAGES, "fifo:{path}?writers=1", Way.LISTEN),
            new Variant("fifo", "", BYTES, "fifo:{path}?writers=1", Way.LISTEN),
            new Variant("pipe", "", MESSAGES, "pipe:", Way.OFFER),
            new Variant("pipe", "", BYTES, "pipe:", Way.OFFER),
            new Variant("queue", "", MESSAGES, "queue:{path}", Way.PAIR),
            new Variant("queue", "", BYTES, "queue:{path}", Way.PAIR),
            new Variant("posixmq", "", MESSAGES, "posixmq:{name}", Way.PAIR),
            new Variant("posixmq", "", BYTES, "posixmq:{name}", Way.PAIR),
            new Variant("sysvmq", "", MESSAGES, "sysvmq:{key}", Way.PAIR),
            new Variant("sysvmq", "", BYTES, "sysvmq:{key}", Way.PAIR));

    /**
     * The kinds whose scheme is on the class path or module path.
     *
     * @return them in the order of the table
     */
    public static List<Variant> present() {
        Set<String> schemes = schemes();
        return ALL.stream().filter(variant -> schemes.contains(variant.scheme)).toList();
    }

    /** The schemes on the class path or module path. */
    static Set<String> schemes() {
        return ServiceLoader.load(ChannelProvider.class, Variant.class.getClassLoader()).stream()
                .map(provider -> provider.get().scheme())
                .collect(Collectors.toSet());
    }

    /** What it carries. */
    String framing() {
        return stream ? "stream" : "datagram";
    }

    /** Its name for people. */
    String label() {
        return scheme + (type.isEmpty() ? "" : " " + type) + ", " + framing() + " framing";
    }

    /** Its address for one use, with room for several messages of a size. */
    String address(Workspace workspace, String use, int size) {
        int capacity = Math.max(LEAST_CAPACITY, Integer.highestOneBit(size) * MESSAGES_IN_RING);
        return template.replace("{path}", workspace.path(use)).replace("{name}", workspace.name(use))
                .replace("{key}", String.valueOf(workspace.key(use)))
                .replace("{capacity}", String.valueOf(capacity));
    }
}
