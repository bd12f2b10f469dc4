package org.jvmipc.shm.sync;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jvmipc.ChannelClosedException;
import org.jvmipc.shm.SegmentFinder;
import org.jvmipc.shm.SegmentView;

/**
 * Where to look for deadlocks: threads of any number of processes, each of which waits for a lock that the next one
 * holds. Seen are {@link SharedLock}, {@link SharedReentrantLock}, {@link SharedReadWriteLock} and {@link
 * SharedMonitor}; who waits at a condition, or for a permit, waits for nobody in particular.
 *
 * <pre>{@code
 * try (DeadlockDetector detector = Deadlocks.named("orders-").watch(DeadlockPolicy.BREAK, System.err::println)) {
 *     ...
 * }
 * }</pre>
 *
 * <p><b>What counts.</b> Each look takes who waits and who holds from the memory of the locks. A cycle counts if at
 * the next look, 0.1 s later, it is made of the same waits. So a cycle that ends by itself before, as threads try for a
 * shorter time only, is none; one in which somebody waits with a longer timeout is. A process that is dead, slow or
 * stopped while it holds a lock makes no deadlock; that of a dead one is told to those who wait by {@link
 * OwnerDiedException}. Taking a reentrant lock again is no cycle. A thread that takes the same {@link SharedLock} by
 * two objects waits for itself, which is one.
 *
 * <p><b>Readers.</b> Which threads read is noted when these have waited for something else for 80 ms, up to 256 for
 * each lock; a deadlock through one more is not seen.
 *
 * <p><b>Any number of processes</b> may look at the same locks. Looking changes nothing, takes no lock, and takes no
 * place among the participants. Instances may be used by any thread.
 */
public final class Deadlocks {
    private static final Duration PERIOD = Duration.ofMillis(100);

    private final Supplier<Supplier<List<SegmentView>>> where;

    private Deadlocks(Supplier<Supplier<List<SegmentView>>> where) {
        this.where = where;
    }

    /**
     * Looks at this user's locks in {@code /dev/shm}, whoever uses them, also those that come later.
     *
     * @param prefix what their names begin with; empty for all
     * @return where to look
     */
    public static Deadlocks named(String prefix) {
        Objects.requireNonNull(prefix, "prefix");
        return new Deadlocks(() -> SegmentFinder.posix(prefix, LockView::isLock)::find);
    }

    /**
     * Looks at the locks in files of a directory, whoever uses them, also those that come later.
     *
     * @param directory the directory, without those in it
     * @return where to look
     */
    public static Deadlocks in(Path directory) {
        Objects.requireNonNull(directory, "directory");
        return new Deadlocks(() -> SegmentFinder.directory(directory, LockView::isLock)::find);
    }

    /**
     * Looks at the locks that this process has open, of any backing, also those that it opens later. A deadlock through
     * a lock that it has not open is not seen.
     *
     * @return where to look
     */
    public static Deadlocks opened() {
        return new Deadlocks(() -> Deadlocks::open);
    }

    private static List<SegmentView> open() {
        List<SegmentView> views = new ArrayList<>();
        for (SyncMemory memory : OpenSync.all()) {
            try {
                views.add(memory.view());
            } catch (ChannelClosedException meanwhile) {
                continue;
            }
        }
        views.removeIf(view -> !LockView.isLock(view.type()));
        return views;
    }

    /**
     * Looks twice, 0.1 s apart.
     *
     * @return the deadlocks that there are; of those that share threads, one
     * @throws InterruptedException if the thread is interrupted
     */
    public List<Deadlock> find() throws InterruptedException {
        DeadlockScan scan = scan();
        scan.look(DeadlockPolicy.REPORT);
        TimeUnit.NANOSECONDS.sleep(PERIOD.toNanos());
        return scan.look(DeadlockPolicy.REPORT);
    }

    /**
     * Looks every 0.1 s, in a thread of its own. A deadlock is found about 0.2 s, and if there are readers in it 0.3 s,
     * after its last thread has begun to wait.
     *
     * @param policy what to do
     * @param listener gets each deadlock once, in the thread that looks; what it throws goes to that thread's handler
     *        of uncaught exceptions
     * @return what looks, until it is closed
     */
    public DeadlockDetector watch(DeadlockPolicy policy, Consumer<Deadlock> listener) {
        return new DeadlockDetector(scan(), PERIOD, policy, listener);
    }

    /** What looks when it is told to. */
    DeadlockScan scan() {
        return new DeadlockScan(where.get());
    }
}
