package org.jvmipc.demos.readers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jvmipc.demos.Crew;
import org.jvmipc.demos.Demos;

/**
 * Readers and writers: two processes write a page, word by word, three others read it. Under a read-write lock many
 * read at the same time, and nobody sees a page that is half old and half new.
 */
public final class ReadersWriters {
    private static final int WRITERS = 2;
    private static final int READERS = 3;
    private static final int DEFAULT_TIMES = 500;
    private static final int MOST_TIMES = 1_000_000;
    private static final String UNLOCKED = "--unlocked";
    private static final String USAGE = """
            Usage: ipc run readers [TIMES] [--unlocked]
            Two processes write a page of 512 words in shared memory TIMES times each (1 to 1000000; else 500), three
            others read it all the time, under a SharedReadWriteLock. Fails if a reader saw a page that was half old and
            half new, or a change was lost. With --unlocked nobody locks, and it does fail.""";

    private ReadersWriters() {
    }

    /**
     * Runs it.
     *
     * @param args how often each writes; whether to do without the lock
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        if (Demos.helps(args, USAGE)) {
            return;
        }
        List<String> rest = new ArrayList<>(Arrays.asList(args));
        boolean locked = !rest.remove(UNLOCKED);
        int times = Demos.number(rest.toArray(String[]::new), 0, "TIMES", DEFAULT_TIMES, MOST_TIMES);
        String name = Demos.name("readers");
        Demos.say("%d processes write a page of %d words %d times each, %d read it, %s", WRITERS, Page.WORDS,
                times, READERS, locked ? "under a SharedReadWriteLock" : "and nobody locks");
        try (Page page = new Page(name, locked); Crew crew = new Crew()) {
            crew.removeLocks(List.of(name + "-lock"));
            for (int i = 1; i <= READERS; i++) {
                crew.start(Reader.class, name, locked, i, WRITERS);
            }
            for (int i = 1; i <= WRITERS; i++) {
                crew.start(Writer.class, name, locked, i, times, READERS);
            }
            crew.join();
            Demos.say("changes: %,d of %,d; torn pages: %,d; readers at the same time: up to %d",
                    page.version(), WRITERS * times, page.torn(), page.mostReaders());
            if (page.torn() != 0 || page.version() != WRITERS * times) {
                throw new IllegalStateException("pages were torn, or changes lost");
            }
        }
    }
}
