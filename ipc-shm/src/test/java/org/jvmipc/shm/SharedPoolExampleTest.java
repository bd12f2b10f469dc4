package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.jvmipc.Codec;
import org.jvmipc.Ipc;
import org.jvmipc.TypedReceiver;
import org.jvmipc.TypedSender;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** The example in the documentation of {@link SharedPool} is what stands here, and it runs. */
@IpcDir
class SharedPoolExampleTest {
    private static final String PATH = "org/jvmipc/shm/";

    @IpcDir
    private IpcScope scope;

    private long sum;

    /** So that no other test meets this one. */
    private String name(String usual) {
        return usual.replace("frames", scope.name("frames"));
    }

    private void send() throws InterruptedException {
        try (SharedPool pool = SharedPool.in(SharedSegment.posix(name("frames"))).blocks(1 << 20, 16).openOrCreate();
                TypedSender<Long> out = Ipc.sender(name("shm:frames-ready"), Codec.longs())) {
            PoolBlock block = pool.loan(Duration.ofSeconds(1));
            int length = fill(block.buffer());
            out.transfer(block.handOver(length));
        }
    }

    private void receive() throws InterruptedException {
        try (SharedPool pool = SharedPool.in(SharedSegment.posix(name("frames"))).blocks(1 << 20, 16).openOrCreate();
                TypedReceiver<Long> in = Ipc.receiver(name("shm:frames-ready"), Codec.longs())) {
            try (PoolBlock block = pool.take(in.receive())) {
                use(block.buffer());
            }
        }
    }

    private static int fill(ByteBuffer frame) {
        return frame.putLong(4711).putLong(1).position();
    }

    private void use(ByteBuffer frame) {
        while (frame.hasRemaining()) {
            sum += frame.getLong();
        }
    }

    @Test
    void shouldRun() throws Exception {
        CompletableFuture<Void> receiving = CompletableFuture.runAsync(() -> {
            try {
                receive();
            } catch (InterruptedException end) {
                throw new IllegalStateException(end);
            }
        });
        send();
        receiving.get(20, TimeUnit.SECONDS);
        assertEquals(4712, sum);
    }

    @Test
    void shouldStandInTheDocumentation() throws IOException {
        Path module = Path.of("").toAbsolutePath();
        String here = Files.readString(module.resolve("src/test/java/" + PATH + "SharedPoolExampleTest.java"));
        List<String> examples = Pattern.compile("<pre>\\{@code\n(.*?)\\}</pre>", Pattern.DOTALL)
                .matcher(Files.readString(module.resolve("src/main/java/" + PATH + "SharedPool.java"))).results()
                .map((MatchResult result) -> plain(result.group(1).replaceAll("(?m)^ \\*", ""))).toList();
        assertEquals(2, examples.size());
        for (String example : examples) {
            assertTrue(plain(here).contains(example), example);
        }
    }

    private static String plain(String source) {
        return source.replaceAll("\\bname\\((\"[^\"]*\")\\)", "$1").replaceAll("\\s+", " ").trim();
    }
}
