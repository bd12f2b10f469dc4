package org.jvmipc.benchmarks.jmh;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jvmipc.shm.sync.SharedLock;
import org.jvmipc.shm.sync.SharedReadWriteLock;
import org.jvmipc.shm.sync.SharedReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a lock costs that nobody else wants: taken and given back by one thread, beside those of the JDK. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class UncontendedLocks {
    private final ReentrantLock reentrantLock = new ReentrantLock();
    private final Lock readLock = new ReentrantReadWriteLock().readLock();
    private SharedLock sharedLock;
    private SharedReentrantLock sharedReentrantLock;
    private SharedReadWriteLock sharedReadWriteLock;
    private long guarded;

    /** Opens the locks. */
    @Setup
    public void open() {
        String name = "jmh-" + ProcessHandle.current().pid();
        sharedLock = SharedLock.named(name + "-lock");
        sharedReentrantLock = SharedReentrantLock.named(name + "-reentrant");
        sharedReadWriteLock = SharedReadWriteLock.named(name + "-read-write");
    }

    /** Closes the locks. */
    @TearDown
    public void close() {
        sharedLock.close();
        sharedReentrantLock.close();
        sharedReadWriteLock.close();
    }

    private long use(Lock lock) {
        lock.lock();
        try {
            return guarded++;
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@link ReentrantLock}.
     *
     * @return what has to be used
     */
    @Benchmark
    public long reentrantLock() {
        return use(reentrantLock);
    }

    /**
     * The read lock of {@link ReentrantReadWriteLock}.
     *
     * @return what has to be used
     */
    @Benchmark
    public long readLock() {
        return use(readLock);
    }

    /**
     * {@link SharedLock}.
     *
     * @return what has to be used
     */
    @Benchmark
    public long sharedLock() {
        return use(sharedLock);
    }

    /**
     * {@link SharedReentrantLock}.
     *
     * @return what has to be used
     */
    @Benchmark
    public long sharedReentrantLock() {
        return use(sharedReentrantLock);
    }

    /**
     * The read lock of {@link SharedReadWriteLock}.
     *
     * @return what has to be used
     */
    @Benchmark
    public long sharedReadLock() {
        return use(sharedReadWriteLock.readLock());
    }

    /**
     * The write lock of {@link SharedReadWriteLock}.
     *
     * @return what has to be used
     */
    @Benchmark
    public long sharedWriteLock() {
        return use(sharedReadWriteLock.writeLock());
    }
}
