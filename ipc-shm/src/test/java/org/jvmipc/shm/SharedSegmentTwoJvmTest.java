package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Segments between processes. */
@IpcDir
class SharedSegmentTwoJvmTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @IpcDir
    private IpcScope scope;

    private static ChildJvm child(Object... args) {
        return ChildJvm.of(SegmentPeer.class).args(args).start();
    }

    @Test
    void shouldShareWordsAndBytes() throws Exception {
        String name = scope.name("words");
        try (SharedSegment segment = SharedSegment.posix(name).create(4096);
                ChildJvm child = child("echo", name)) {
            assertEquals("open " + segment.generation() + " 4096", child.readLine());
            converse(segment, child);
        }
        assertFalse(Files.exists(PosixNames.path(name)));
    }

    /** With {@link SegmentPeer#echo}. */
    static void converse(SharedSegment segment, ChildJvm child) throws InterruptedException {
        SharedLong there = segment.longAt(0);
        SharedLong back = segment.longAt(64);
        for (long i = 1; i <= 2000; i++) {
            long expected = i + 1;
            there.set(i);
            assertEquals(expected, back.await(value -> value == expected, LONG));
        }
        segment.buffer().putInt(128, 4711);
        there.set(-1);
        assertEquals("text 4711", child.readLine());
        assertEquals(0, child.awaitExit());
        assertEquals(1, segment.participants().size());
    }
}
