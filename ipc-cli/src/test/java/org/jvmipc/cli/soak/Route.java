package org.jvmipc.cli.soak;

import java.util.Locale;
import org.jvmipc.testkit.history.Delivery;

/**
 * A channel of the soak, or what else is shared: which processes use it, and what is promised. {@code A} to {@code C}
 * and {@code X} to {@code Z} are killed and stopped, {@code S} is not: as long as it has something open, that stays.
 */
enum Route {
    SPSC("A", "X", Delivery.TO_THE_ONE, "shm:%s?keep=true&capacity=16k&peerDeath=wait"),
    MPSC("ABS", "Y", Delivery.TO_THE_ONE, "shm:%s?ring=mpsc&capacity=8k&peerDeath=wait"),
    MPMC("AC", "XZS", Delivery.TO_ANY, "shm:%s?ring=mpmc&capacity=32k&peerDeath=wait"),
    BROADCAST("B", "YZS", Delivery.TO_EACH, "shm:%s?ring=broadcast&capacity=32k&peerDeath=wait&wait=block"),
    LOSSY("C", "XS", Delivery.TO_EACH_IN_TIME,
            "shm:%s?ring=broadcast&overflow=dropOldest&capacity=32k&peerDeath=wait"),
    PIPE("B", "X", Delivery.TO_THE_ONE, "pipe:"),
    FIFO("AC", "Y", Delivery.TO_THE_ONE, "fifo:%s?peerDeath=wait"),
    STREAM("B", "Z", Delivery.TO_THE_ONE, "unix:%s?peerDeath=wait"),
    SEQPACKET("C", "X", Delivery.TO_THE_ONE, "unix:%s?type=seqpacket&peerDeath=wait"),
    DGRAM("AB", "Z", Delivery.TO_THE_ONE, "unix:%s?type=dgram"),
    POSIXMQ("AB", "XZ", Delivery.TO_ANY, "posixmq:%s?messageSize=4k"),
    SYSVMQ("BC", "YS", Delivery.TO_ANY, "sysvmq:%s"),
    QUEUE("AS", "X", Delivery.TO_THE_ONE, "queue:%s?reader=it"),
    GROUP("BC", "YZ", Delivery.TO_ANY, "queue:%s?group=all"),
    SIGNAL("C", "Z", Delivery.TO_THE_ONE, "signal:%s?signal=RTMIN+1"),
    POOL("A", "Y", Delivery.TO_THE_ONE, "shm:%s?keep=true&capacity=4k&peerDeath=wait"),
    LOCK("ABCXYZS", "", null, "%s"),
    SEMAPHORE("ABCXYZS", "", null, "%s");

    /** Beside the names: the first role of a letter sends or works, the second one receives. */
    static final char SENDS = 's';
    static final char RECEIVES = 'r';

    private final String senders;
    private final String receivers;
    private final Delivery delivery;
    private final String address;

    Route(String senders, String receivers, Delivery delivery, String address) {
        this.senders = senders;
        this.receivers = receivers;
        this.delivery = delivery;
        this.address = address;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    String address(Round round) {
        boolean isPath = address.startsWith("fifo:") || address.startsWith("unix:") || address.startsWith("queue:");
        String place = this == SYSVMQ ? "" + round.key() : isPath ? round.path(toString()).toString() : name(round);
        return String.format(address, place);
    }

    /** Of the shared object, or of the first of them. */
    String name(Round round) {
        return round.name(toString());
    }

    /** For those who send to a group. */
    String sendingAddress(Round round) {
        String whole = address(round);
        return this == QUEUE || this == GROUP ? whole.substring(0, whole.indexOf('?')) : whole;
    }

    boolean sends(char who) {
        return senders.indexOf(who) >= 0;
    }

    boolean receives(char who) {
        return receivers.indexOf(who) >= 0;
    }

    /** Whether messages pass here, and what is promised of them; null if not. */
    Delivery delivery() {
        return delivery;
    }

    /** Whether what a receiver has not received when it dies is in the kernel's buffers, and goes with it. */
    boolean losesWithReceivers() {
        return isStream() || this == SEQPACKET || this == DGRAM || this == SIGNAL;
    }

    /** Whether messages are a stream of bytes, of which a death can leave a part. */
    boolean isStream() {
        return this == PIPE || this == FIFO || this == STREAM;
    }

    boolean isOfKernelQueues() {
        return this == POSIXMQ || this == SYSVMQ;
    }

    /** Whether its memory stays when nobody has it open. */
    boolean isKept() {
        return this == SPSC || this == POOL;
    }
}
