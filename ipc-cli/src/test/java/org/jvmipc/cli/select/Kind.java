package org.jvmipc.cli.select;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.mq.PersistentQueues;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcScope;

/** The kinds of channels that a select is tried on. */
enum Kind {
    MEM("mem", ""),
    SHM("shm", "capacity=4k"),
    SHM_MPSC("shm", "ring=mpsc&capacity=4k"),
    SHM_MPMC("shm", "ring=mpmc&capacity=4k"),
    SHM_BROADCAST("shm", "ring=broadcast&capacity=4k"),
    SHM_SPIN("shm", "wait=spin&capacity=4k"),
    UNIX("unix", ""),
    UNIX_NATIVE("unix", "descriptors=true"),
    UNIX_SEQPACKET("unix", "type=seqpacket"),
    UNIX_DATAGRAM("unix", "type=dgram"),
    FIFO("fifo", "writers=1"),
    PIPE("pipe", ""),
    /** With a reader of a name, so that it begins with what was sent before it came. */
    QUEUE("queue", "reader=it"),
    POSIX_QUEUE("posixmq", "maxMessages=4&messageSize=64"),
    SYSV_QUEUE("sysvmq", "capacity=4k"),
    SIGNAL("signal", "signal=RTMIN+3");

    private static final Duration SETTLE = Duration.ofSeconds(3);

    private final String scheme;
    private final String options;

    Kind(String scheme, String options) {
        this.scheme = scheme;
        this.options = options;
    }

    /** Whether another process can have the other end. */
    boolean isShared() {
        return this != MEM;
    }

    /** Whether something wakes who waits for messages; others are looked at from time to time. */
    boolean wakes() {
        return this != SYSV_QUEUE && this != SHM_SPIN;
    }

    /** Whether the receiver is told when the sender has gone. */
    boolean ends() {
        return switch (this) {
            case UNIX_DATAGRAM, QUEUE, POSIX_QUEUE, SYSV_QUEUE, SIGNAL -> false;
            default -> true;
        };
    }

    /** Whether a sender finds room whatever was sent. */
    boolean isUnbounded() {
        return this == MEM || this == QUEUE;
    }

    /**
     * Its address in a test, for the end that is opened first; the other one goes by the address of that. Signals come
     * to a process that has to be known.
     */
    String address(IpcScope scope, String name) {
        String channel = name + "-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        String address = switch (this) {
            case SYSV_QUEUE -> "sysvmq:" + scope.key(channel);
            case SIGNAL -> "signal:self";
            case PIPE -> "pipe:";
            case QUEUE -> queue(scope, channel);
            default -> scope.address(scheme, channel);
        };
        return options.isEmpty() ? address : address + "?" + options;
    }

    /** It stays until it is removed, when all have closed it. */
    private static String queue(IpcScope scope, String channel) {
        Path directory = scope.path(scope.name(channel));
        scope.track(() -> Await.until(SETTLE, "the queue to be closed by all", () -> {
            try {
                PersistentQueues.remove(directory);
                return true;
            } catch (AccessRefusedException open) {
                return false;
            }
        }));
        return "queue:" + directory;
    }
}
