package org.jvmipc.mq;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BiFunction;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.Address;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.PosixQueueCalls;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcScope;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.Trait;

/** The queues of the kernel as the contract sees them. */
final class Subjects {
    private static final Trait[] QUEUE = {
        Trait.HOLDS, Trait.HOLDS_BEFORE_RECEIVER, Trait.BOUNDED, Trait.OVERFLOWS, Trait.SHARED_SENDER,
        Trait.SHARED_RECEIVER, Trait.SEVERAL_SENDERS, Trait.SEVERAL_RECEIVERS, Trait.NAMED, Trait.KNOWS_DEPTH,
        Trait.STREAMS, Trait.UNTYPED
    };
    static final ContractSubject POSIX = ContractSubject.of("posixmq", QUEUE)
            .naming(Subjects::posix)
            .small(address -> address.with("maxMessages", 5))
            .limited(address -> address.with("messageSize", 3000))
            .differing(address -> address.with("maxMessages", 3).with("messageSize", 100))
            .badName("posixmq:").badName("posixmq:/").badName("posixmq:a/b").badName("posixmq:..")
            .badName("posixmq:" + "x".repeat(256));
    static final ContractSubject SYSV = ContractSubject.of("sysvmq", QUEUE)
            .naming(Subjects::sysv)
            .small(address -> address.with("capacity", "5k"))
            .limited(address -> address.with("maxMessage", "3k"))
            .differing(address -> address.with("capacity", "3k"))
            .badName("sysvmq:").badName("sysvmq:0").badName("sysvmq:0x0").badName("sysvmq:4294967296")
            .badName("sysvmq:-1").badName("sysvmq:name").badName("sysvmq:/no/number").badName("sysvmq:12?id=3");
    /** What goes by others than by their arrival. */
    static final ContractSubject SYSV_TYPED = SYSV.with(address -> address.with("type", 7));

    /** On disk, with one reader that goes on where it was. */
    static final ContractSubject PERSISTENT = ContractSubject.of("queue", Trait.HOLDS, Trait.HOLDS_BEFORE_RECEIVER,
            Trait.SHARED_SENDER, Trait.SHARED_RECEIVER, Trait.SEVERAL_SENDERS, Trait.NAMED, Trait.KNOWS_DEPTH,
            Trait.STREAMS, Trait.UNTYPED, Trait.TRANSFERS, Trait.PEEKS, Trait.VARIANT)
            .naming(Subjects::persistent)
            .limited(address -> address.with("maxMessage", "3k"))
            .differing(address -> address.with("rollCycle", "HOURLY"))
            .badName("queue:").badName("queue:/").badName("queue:relative").badName("queue:/x?priority=1")
            .badName("queue:/x?start=time:noon").badName("queue:/x?reader=..");

    /** Names queues that must be gone when a test ends. */
    static final BiFunction<IpcScope, String, Address> POSIX_NAMES = Subjects::posix;
    static final BiFunction<IpcScope, String, Address> SYSV_KEYS = Subjects::sysv;
    private static final Duration SETTLE = Duration.ofSeconds(3);

    private Subjects() {
    }

    /** Where the file system of queues is not mounted, nothing but opening a queue tells whether it is there. */
    private static Address posix(IpcScope scope, String name) {
        String queue = scope.name(name);
        scope.track(() -> {
            // Whoever is at the port when it is closed closes it, which may be a moment later.
            try {
                Await.until(SETTLE, "the queue " + queue + " to be gone", () -> !exists(queue));
            } finally {
                PosixQueues.remove(queue);
            }
        });
        return Address.of("posixmq", queue);
    }

    static Address persistent(IpcScope scope, String name) {
        Path directory = scope.path(scope.name(name));
        scope.track(() -> remove(directory));
        return Address.of("queue", directory.toString()).with("reader", "it");
    }

    /** Whoever is at a port when it is closed closes it, which may be a moment later. */
    static void remove(Path directory) {
        Await.until(SETTLE, "the queue to be closed by all", () -> {
            try {
                PersistentQueues.remove(directory);
                return true;
            } catch (AccessRefusedException open) {
                return false;
            }
        });
    }

    static boolean exists(String queue) {
        int result = PosixQueueCalls.open("/" + queue, FileCalls.O_RDONLY);
        return result != -Errno.ENOENT && FileCalls.close(result) == 0;
    }

    private static Address sysv(IpcScope scope, String name) {
        int key = scope.key(name);
        return Address.of("sysvmq", key % 2 == 0 ? String.valueOf(key) : "0x" + Integer.toHexString(key));
    }
}
