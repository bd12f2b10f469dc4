package org.jvmipc.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Threads that would keep this JVM from ending. */
final class ThreadCheck implements DebrisCheck {

    /** They come and go with the test run, not with the test. */
    private static final Pattern OF_THE_RUNNER = Pattern.compile("(junit|surefire)-.*|DestroyJavaVM");
    private static final int FRAMES = 6;

    private final Set<Thread> before = Set.copyOf(nonDaemons());

    @Override
    public DebrisKind kind() {
        return DebrisKind.THREAD;
    }

    @Override
    public List<String> leftovers() {
        return found().stream().map(ThreadCheck::describe).toList();
    }

    @Override
    public void remove() {
        found().forEach(Thread::interrupt);
    }

    private List<Thread> found() {
        return nonDaemons().stream()
                .filter(thread -> !before.contains(thread) && thread != Thread.currentThread())
                .filter(thread -> !OF_THE_RUNNER.matcher(thread.getName()).matches())
                .toList();
    }

    private static String describe(Thread thread) {
        StringBuilder text = new StringBuilder(thread.getName()).append(", ").append(thread.getState());
        Arrays.stream(thread.getStackTrace()).limit(FRAMES)
                .forEach(frame -> text.append("\n        at ").append(frame));
        return text.toString();
    }

    private static List<Thread> nonDaemons() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        // Enumerating drops what does not fit, and threads start at any time.
        Thread[] threads = new Thread[2 * root.activeCount() + 16];
        int count = root.enumerate(threads, true);
        return Arrays.stream(threads, 0, count).filter(thread -> !thread.isDaemon()).toList();
    }
}
