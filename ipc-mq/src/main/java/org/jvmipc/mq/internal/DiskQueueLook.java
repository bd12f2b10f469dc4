package org.jvmipc.mq.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jvmipc.posix.KernelLocks;
import org.jvmipc.posix.LifeInspector;
import org.jvmipc.posix.OpenFiles;
import org.jvmipc.shm.SegmentView;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.Inspected.FileFacts;
import org.jvmipc.spi.Inspected.Verdict;
import org.jvmipc.spi.InspectedPeer;
import org.jvmipc.spi.InspectedPeer.Presence;

/** What is in the directory of a queue on disk, read from its files and without the classes of Chronicle. */
final class DiskQueueLook {
    private static final String CURSOR = ".cursor";
    private static final long CURSOR_MAGIC = 0x317275636370696aL;
    private static final int CURSOR_BYTES = 40;
    private static final int CURSOR_DONE = 8;
    private static final int CURSOR_PID = 16;
    private static final int STATE_NEXT = 0;
    private static final int STATE_UNFINISHED = 64;
    private static final int STATE_CYCLE = 72;

    private final Path directory;
    private final KernelLocks locks;
    private long bytes;
    private long files;
    private long least = Long.MAX_VALUE;

    DiskQueueLook(Path directory, KernelLocks locks) {
        this.directory = directory.toAbsolutePath();
        this.locks = locks;
    }

    Inspected describe() {
        Inspected object = new Inspected("queue:" + directory, "queue", directory.toString());
        Optional<FileFacts> facts = LifeInspector.facts(directory);
        if (facts.isPresent()) {
            object.file(facts.get());
        }
        boolean lanes = Files.isDirectory(directory.resolve("lane-0"));
        long next = lanes ? Inspected.UNKNOWN : state(object);
        look(directory, next, object);
        for (int lane = 0; Files.isDirectory(directory.resolve("lane-" + lane)); lane++) {
            look(directory.resolve("lane-" + lane), Inspected.UNKNOWN, object);
            object.detail("lanes", lane + 1);
        }
        object.sized(bytes, null).detail("files", files);
        long depth = next >= 0 && least != Long.MAX_VALUE ? Math.max(0, next - least) : Inspected.UNKNOWN;
        object.holds(depth, Inspected.UNKNOWN, Inspected.UNKNOWN);
        boolean used = false;
        for (InspectedPeer peer : object.peers()) {
            used |= peer.presence() != Presence.DEAD;
        }
        return object.verdict(used ? Verdict.IN_USE : Verdict.NONE, used ? "it is open"
                : "it is data on disk; PersistentQueues.remove removes it");
    }

    /** The number of the next message, -1 if nobody has it open. */
    private long state(Inspected object) {
        Optional<SegmentView> state = SegmentView.read(directory.resolve("jvmipc.state"));
        if (state.isEmpty() || state.get().memory().limit() <= STATE_CYCLE) {
            return Inspected.UNKNOWN;
        }
        ByteBuffer memory = state.get().memory();
        for (InspectedPeer user : state.get().inspected("user")) {
            object.peer(user);
        }
        long next = memory.getLong(STATE_NEXT);
        object.detail("next number", next);
        if (memory.getLong(STATE_UNFINISHED) != 0 && memory.getLong(STATE_CYCLE) >= 0) {
            object.detail("append under way", true);
        }
        return next;
    }

    private void look(Path where, long next, Inspected object) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(where)) {
            for (Path file : all) {
                Optional<FileFacts> facts = LifeInspector.facts(file);
                if (facts.isEmpty()) {
                    continue;
                }
                String name = file.getFileName().toString();
                if (name.endsWith(".cq4")) {
                    files++;
                    // Sparse: what it takes of the disk is less than its length.
                    bytes += facts.get().bytes();
                } else if (name.endsWith(CURSOR)) {
                    cursor(file, name.substring(0, name.length() - CURSOR.length()), next, object);
                } else if (name.endsWith(".group")) {
                    object.detail("group " + name.substring(0, name.length() - ".group".length()), file.toString());
                }
            }
        } catch (IOException refused) {
            object.condition(Inspected.Condition.UNREADABLE, "its directory may not be read by this user");
        }
    }

    private void cursor(Path file, String reader, long next, Inspected object) throws IOException {
        byte[] read = new byte[CURSOR_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            if (in.readNBytes(read, 0, CURSOR_BYTES) < CURSOR_BYTES) {
                return;
            }
        }
        ByteBuffer words = ByteBuffer.wrap(read).order(ByteOrder.nativeOrder());
        if (words.getLong(0) != CURSOR_MAGIC) {
            object.detail("cursor " + reader, "damaged");
            return;
        }
        long done = words.getLong(CURSOR_DONE);
        long pid = words.getLong(CURSOR_PID);
        boolean lives = locks.isLocked(file);
        boolean passing = reader.startsWith("+");
        if (!passing || lives) {
            least = Math.min(least, done);
        }
        String note = (passing ? "without a name" : "reader=" + reader) + ", at " + done
                + (next >= 0 ? ", " + Math.max(0, next - done) + " behind" : "");
        if (!lives) {
            if (!passing) {
                object.detail("cursor " + reader, note + ", nobody reads with it");
            }
            return;
        }
        object.peer(InspectedPeer.of("cursor", pid, OpenFiles.name(pid),
                OpenFiles.isStopped(pid) ? Presence.STOPPED : Presence.ALIVE).with(note));
    }
}
