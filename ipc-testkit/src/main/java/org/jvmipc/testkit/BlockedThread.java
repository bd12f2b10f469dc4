package org.jvmipc.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** One wait until a thread is blocked; see {@link Await#blocked}. Used by one thread. */
final class BlockedThread {

    /** Looks in a row at pauses of up to 10 ms, so about 30 ms: longer than a thread that runs goes without CPU. */
    private static final int LOOKS = 5;

    private final Thread thread;
    private final Predicate<StackTraceElement> frame;
    private int looks;
    private long cpuNanos;
    private List<StackTraceElement> stack = List.of();

    BlockedThread(Thread thread, Predicate<StackTraceElement> frame) {
        this.thread = thread;
        this.frame = frame;
    }

    void await(Duration timeout) {
        Await.until(timeout, this::description, () -> {
            if (thread.getState() == Thread.State.TERMINATED) {
                throw new AssertionError("thread " + thread.getName() + " has ended instead of being blocked");
            }
            return look();
        });
    }

    private boolean look() {
        Thread.State state = thread.getState();
        boolean still = switch (state) {
            case WAITING, TIMED_WAITING -> true;
            case RUNNABLE -> sleepsInSystemCall();
            default -> false;
        };
        List<StackTraceElement> now = still ? Arrays.asList(thread.getStackTrace()) : List.of();
        if (!still || now.stream().noneMatch(frame) || state == Thread.State.RUNNABLE && !now.equals(stack)) {
            looks = 0;
        } else {
            looks++;
        }
        stack = now;
        return looks >= LOOKS;
    }

    /**
     * Java does not tell a system call that sleeps from a computation, so the kernel has to: no CPU time used since
     * the last look, and where the thread's name leads to one kernel thread, that one is asleep. The name is needed
     * because a thread that a busy machine does not let run uses no CPU either.
     */
    private boolean sleepsInSystemCall() {
        long before = cpuNanos;
        cpuNanos = CpuTime.ofThread(thread).toNanos();
        return before == cpuNanos && !isReadyToRun();
    }

    private boolean isReadyToRun() {
        String comm = thread.getName().substring(0, Math.min(15, thread.getName().length()));
        List<Character> states = new ArrayList<>();
        for (long task : ProcFs.tasks(ProcFs.self())) {
            ProcFs.taskStat(ProcFs.self(), task)
                    .filter(stat -> stat.command().equals(comm))
                    .ifPresent(stat -> states.add(stat.state()));
        }
        return states.size() == 1 && states.get(0) == 'R';
    }

    private String description() {
        StringBuilder text = new StringBuilder("thread ").append(thread.getName()).append(" to be blocked; it is ")
                .append(thread.getState());
        for (StackTraceElement element : thread.getStackTrace()) {
            text.append("\n    at ").append(element);
        }
        return text.append("\n   ").toString();
    }
}
