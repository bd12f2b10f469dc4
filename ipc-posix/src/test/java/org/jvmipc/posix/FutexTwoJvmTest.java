package org.jvmipc.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes hand a number to and fro over one page, sleeping whenever it is not their turn. */
@Timeout(120)
class FutexTwoJvmTest {

    private static final int ROUNDS = 2000;
    private static final long LONG = 60_000_000_000L;
    private static final int PING = 0;
    private static final int PONG = 64;
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    @TempDir
    Path dir;

    @Test
    void pingPong() throws Exception {
        Path file = Files.write(dir.resolve("page"), new byte[4096]);
        ByteBuffer page = map(file);
        try (Child child = Child.start(Echo.class, file.toString())) {
            play(page);
            assertEquals(0, child.exit());
        }
    }

    @Test
    void killedSleeperLeavesThePageUsable() throws Exception {
        Path file = Files.write(dir.resolve("page"), new byte[4096]);
        ByteBuffer page = map(file);
        try (Child child = Child.start(Echo.class, file.toString())) {
            Await.until("the child announces", () -> page.getInt(PING + 8) != 0);
            child.kill();
            child.exit();
        }
        assertTrue(page.getInt(PING + 8) != 0, "the dead sleeper's announcement is still there");
        try (Child child = Child.start(Echo.class, file.toString())) {
            play(page);
            assertEquals(0, child.exit());
        }
    }

    private static ByteBuffer map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer page = channel.map(FileChannel.MapMode.READ_WRITE, 0, 4096);
            return page.order(ByteOrder.nativeOrder());
        }
    }

    private static int read(ByteBuffer page, int at) {
        return (int) INT.getVolatile(page, at);
    }

    private static void post(ByteBuffer page, int at, int value) {
        INT.setVolatile(page, at, value);
        VarHandle.fullFence();
        FutexReadiness.signal(page, at + 4, at + 8);
    }

    /** Sends each number and waits for its echo. */
    private static void play(ByteBuffer page) {
        int[] expected = {0};
        FutexReadiness pong = new FutexReadiness(page, PONG + 4, PONG + 8, () -> read(page, PONG) == expected[0]);
        for (int i = 1; i <= ROUNDS; i++) {
            expected[0] = i;
            post(page, PING, i);
            long deadline = System.nanoTime() + LONG;
            while (!pong.isReady()) {
                assertTrue(System.nanoTime() < deadline, "a wake-up was lost in round " + i);
                pong.sleep(LONG);
            }
        }
    }

    /** Answers each number with the same number. */
    static final class Echo {
        public static void main(String[] args) throws IOException {
            ByteBuffer page = map(Path.of(args[0]));
            int[] last = {0};
            FutexReadiness ping = new FutexReadiness(page, PING + 4, PING + 8, () -> read(page, PING) != last[0]);
            while (last[0] < ROUNDS) {
                int now = read(page, PING);
                if (now == last[0]) {
                    ping.sleep(LONG);
                } else {
                    last[0] = now;
                    post(page, PONG, now);
                }
            }
        }
    }
}
