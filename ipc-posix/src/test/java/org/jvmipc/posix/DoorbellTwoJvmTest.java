package org.jvmipc.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.posix.internal.Doorbells;

/** One process waits for more words than the kernel lets it sleep on, and another one changes them. */
@Timeout(60)
class DoorbellTwoJvmTest {

    private static final int WORDS = 300;
    /** Those that the kernel takes. */
    private static final int DIRECT = 126;
    private static final int LINE = 64;
    private static final int ECHO = WORDS * LINE;
    private static final int BELL_BITS = 15 << 27;
    private static final long LONG = 10_000_000_000L;
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void makeFile() throws IOException {
        assumeTrue(FutexCalls.canWaitAny());
        file = Files.write(dir.resolve("words"), new byte[ECHO + LINE]);
    }

    /** Nothing is looked at but what was signalled, so that a lost wake-up lasts longer than the test waits. */
    @Test
    void noWakeUpIsLostWhereTheKernelTakesNoMoreWords() throws Exception {
        Path home = dir.resolve("home");
        ByteBuffer words = map(file);
        try (Child child = child(Sleeper.class, home, 100_000)) {
            child.expect("armed");
            awaitBells(words);
            assertTrue(Files.exists(home.resolve("bells")));
            child.kill();
            child.exit();
        }
        try (Child child = child(Sleeper.class, home, 100_000)) {
            child.expect("armed");
            awaitBells(words);
            try (Child other = child(Ringer.class, home, 100_000, "3000", "0")) {
                String[] result = other.line().split(" ");
                assertEquals("done", result[0]);
                long median = Long.parseLong(result[1]);
                assertTrue(median < 2_000_000, "half of the answers took more than " + median + " ns");
                assertEquals(0, other.exit());
            }
            child.say("end");
            assertEquals(0, child.exit());
        }
        assertFalse(Files.exists(home.resolve("bells")), "the last process removes them");
    }

    @Test
    void whoHasOtherBellsIsNoticedAllTheSame() throws Exception {
        ByteBuffer words = map(file);
        try (Child child = child(Sleeper.class, dir.resolve("home"), 200)) {
            child.expect("armed");
            awaitBells(words);
            try (Child other = child(Ringer.class, dir.resolve("elsewhere"), 200, "20", "" + DIRECT)) {
                assertTrue(other.line().startsWith("done "));
                assertEquals(0, other.exit());
            }
            child.say("end");
            assertEquals(0, child.exit());
        }
    }

    private Child child(Class<?> main, Path home, int slice, String... args) {
        String[] all = new String[args.length + 1];
        all[0] = file.toString();
        System.arraycopy(args, 0, all, 1, args.length);
        return Child.start(List.of("-Dipc.home=" + home, "-Dipc.waiter.sliceMillis=" + slice), Map.of(), main, all);
    }

    /** All are announced, and those that the kernel has no room for with a bell. */
    private static void awaitBells(ByteBuffer words) {
        for (int i = 0; i < WORDS; i++) {
            int word = i;
            Await.until("the announcement of " + i, () -> word < DIRECT ? read(words, word * LINE + 8) != 0
                    : (read(words, word * LINE + 8) & BELL_BITS) != 0);
        }
    }

    private static ByteBuffer map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, ECHO + LINE).order(ByteOrder.nativeOrder());
        }
    }

    private static int read(ByteBuffer words, int at) {
        return (int) INT.getVolatile(words, at);
    }

    private static void post(ByteBuffer words, int at) {
        INT.getAndAdd(words, at, 1);
        VarHandle.fullFence();
        FutexReadiness.signal(words, at + 4, at + 8);
    }

    /** Answers each change of a word by a change of the echo. */
    static final class Sleeper {
        public static void main(String[] args) throws Exception {
            ByteBuffer words = map(Path.of(args[0]));
            for (int i = 0; i < WORDS; i++) {
                new One(words, i * LINE).arm();
            }
            System.out.println("armed");
            assertEquals('e', System.in.read());
        }

        /** One word, always armed. */
        private static final class One {
            private final ByteBuffer words;
            private final int at;
            private final FutexReadiness readiness;
            private int seen;

            One(ByteBuffer words, int at) {
                this.words = words;
                this.at = at;
                this.seen = read(words, at);
                this.readiness = new FutexReadiness(words, at + 4, at + 8, () -> read(words, at) != seen);
            }

            void arm() {
                readiness.arm(() -> {
                    int now = read(words, at);
                    boolean changed = now != seen;
                    seen = now;
                    arm();
                    if (changed) {
                        post(words, ECHO);
                    }
                });
            }
        }
    }

    /** Changes words at random, each when the change before was answered. */
    static final class Ringer {
        public static void main(String[] args) throws Exception {
            ByteBuffer words = map(Path.of(args[0]));
            int rounds = Integer.parseInt(args[1]);
            int first = Integer.parseInt(args[2]);
            Random random = new Random(rounds);
            long[] took = new long[rounds];
            for (int i = 0; i < rounds; i++) {
                int before = read(words, ECHO);
                FutexReadiness echo = new FutexReadiness(words, ECHO + 4, ECHO + 8, () -> read(words, ECHO) != before);
                if (i == rounds / 2) {
                    Doorbells.remove(); // as one does who finds no life sign, because it looks at a bad moment
                }
                LockSupport.parkNanos(random.nextInt(4) * 10_000L);
                long start = System.nanoTime();
                post(words, (first + random.nextInt(WORDS - first)) * LINE);
                while (!echo.isReady()) {
                    assertTrue(System.nanoTime() - start < LONG, "a wake-up was lost in round " + i);
                    echo.sleep(LONG);
                }
                took[i] = System.nanoTime() - start;
            }
            Arrays.sort(took);
            System.out.println("done " + took[rounds / 2]);
        }
    }
}
