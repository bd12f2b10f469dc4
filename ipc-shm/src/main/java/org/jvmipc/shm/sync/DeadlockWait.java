package org.jvmipc.shm.sync;

import java.util.List;
import org.jvmipc.PeerInfo;

/**
 * A thread that takes part in a deadlock: it waits for a lock that the next one holds.
 *
 * @param lock what it waits for, as {@link SharedLock#name}
 * @param toRead whether it waits to read, and not to write or for the lock as a whole
 * @param process its process
 * @param thread the number of its Java thread, as thread dumps show it ({@code #31}), the lowest 28 bits
 * @param threadName the name of its Java thread, as far as 24 bytes go
 * @param holder the process that holds the lock
 * @param holderThread the number of the thread that does
 * @param stack where it is, if it is a platform thread of the process that looked; else empty
 */
public record DeadlockWait(String lock, boolean toRead, PeerInfo process, long thread, String threadName,
        PeerInfo holder, long holderThread, List<StackTraceElement> stack) {

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(process).append(" thread #").append(thread).append(" \"").append(threadName).append("\" waits ")
                .append(toRead ? "to read under " : "for ").append(lock).append(", held by ").append(holder)
                .append(" thread #").append(holderThread);
        stack.forEach(frame -> text.append("\n    at ").append(frame));
        return text.toString();
    }
}
