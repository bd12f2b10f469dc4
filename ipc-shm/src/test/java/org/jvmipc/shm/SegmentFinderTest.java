package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jvmipc.PeerInfo;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Looking into segments without taking part. */
@IpcDir
class SegmentFinderTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    @IpcDir
    private IpcScope scope;

    @Test
    void shouldSeeWhatIsThereAndTakeNoPart() throws Exception {
        SegmentFinder finder = SegmentFinder.directory(scope.dir(), "wanted/1"::equals);
        assertEquals(List.of(), finder.find());
        SharedSegment segment = scope.track(SharedSegment.file(scope.path("a")).type("wanted/1").create(4096));
        scope.track(SharedSegment.file(scope.path("b")).type("other/1").create(4096));
        Files.writeString(scope.path("c"), "no segment");
        Files.createDirectory(scope.path("d"));
        Files.createSymbolicLink(scope.path("e"), scope.path("a"));
        List.of("c", "d", "e").forEach(other -> scope.mayLeave(scope.path(other)));
        SegmentView view = finder.find().get(0);
        assertEquals(1, finder.find().size());
        assertSame(view, finder.find().get(0));
        assertEquals(segment.name(), view.name());
        assertEquals("wanted/1", view.type());
        assertEquals(segment.generation(), view.generation());
        segment.buffer().putLong(8, 4711);
        assertEquals(4711, view.memory().getLong(8));
        assertEquals(4096, view.memory().capacity());
        assertEquals(1, segment.participants().size());
        int self = segment.participant();
        assertFalse(view.isGone(self));
        assertEquals(ProcessHandle.current().pid(), view.peer(self).pid());
        assertEquals(SegmentView.ownProcess(), view.process(self));
        assertEquals(SegmentView.ownProcess(), segment.view().process(self));
        segment.close();
        assertTrue(view.isGone(self));
        assertEquals("", view.process(self));
        assertSame(PeerInfo.UNKNOWN, view.peer(self));
        assertEquals("", view.process(0));
        assertEquals(List.of(), finder.find());
        assertEquals(4711, view.memory().getLong(8));
    }

    @Test
    void shouldSeeWhatComesUnderTheSameName() throws Exception {
        SegmentFinder finder = SegmentFinder.posix(scope.prefix(), "wanted/1"::equals);
        SharedSegment first = SharedSegment.posix(scope.name("a")).type("wanted/1").create(64);
        long generation = finder.find().get(0).generation();
        first.close();
        scope.track(SharedSegment.posix(scope.name("a")).type("wanted/1").create(64));
        assertNotEquals(generation, finder.find().get(0).generation());
        assertEquals(List.of(), SegmentFinder.directory(scope.path("nowhere"), type -> true).find());
        SegmentFinder other = SegmentFinder.directory(scope.dir(), "wanted/1"::equals);
        Files.createFile(scope.path("b"));
        assertEquals(List.of(), other.find());
        Files.delete(scope.path("b"));
        scope.track(SharedSegment.file(scope.path("b")).type("wanted/1").create(64));
        Await.until(LONG, "it is looked into again", () -> other.find().size() == 1);
    }
}
