package org.jvmipc.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.posix.KernelLocks;
import org.jvmipc.posix.LifeInspector;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.spi.DumpLine;
import org.jvmipc.spi.DumpOptions;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.Inspected.Condition;
import org.jvmipc.spi.Inspected.FileFacts;
import org.jvmipc.spi.Inspected.Verdict;
import org.jvmipc.spi.Inspection;
import org.jvmipc.spi.Inspector;

/**
 * Rings, segments, and what processes synchronize by; and the shared memory and semaphores of POSIX and System V that
 * other programs have.
 */
public final class ShmInspector implements Inspector {
    private static final String SEMAPHORE = "sem.";
    private static final int SEMAPHORE_BYTES = 32;

    private List<SegmentContent> contents;

    /** For {@link java.util.ServiceLoader}. */
    public ShmInspector() {
    }

    private List<SegmentContent> contents() {
        if (contents == null) {
            contents = new ArrayList<>();
            for (SegmentContent content : ServiceLoader.load(SegmentContent.class)) {
                contents.add(content);
            }
        }
        return contents;
    }

    @Override
    public void list(Inspection scope, Consumer<Inspected> found) {
        SegmentLook look = new SegmentLook(new PeerLives(KernelLocks.of(scope)), contents());
        for (FileFacts file : files(PosixNames.DIRECTORY)) {
            standard(file, look, found);
        }
        for (Path directory : scope.directories()) {
            if (!directory.equals(PosixNames.DIRECTORY)) {
                for (FileFacts file : files(directory)) {
                    other(file, look, found);
                }
            }
        }
        KernelObjects.memory(found);
        KernelObjects.semaphores(found);
    }

    private static List<FileFacts> files(Path directory) {
        List<FileFacts> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    Optional<FileFacts> facts = LifeInspector.facts(file.toAbsolutePath());
                    if (facts.isPresent()) {
                        found.add(facts.get());
                    }
                }
            }
        } catch (IOException | DirectoryIteratorException none) {
            // No such directory, or not for this user: nothing is found in it.
            return found;
        }
        return found;
    }

    private static void standard(FileFacts file, SegmentLook look, Consumer<Inspected> found) {
        String name = file.path().getFileName().toString();
        if (SegmentNames.isSegment(name)) {
            Inspected object = look.describe(file, true);
            if (name.contains("-+sysv-")) {
                object.condition(Condition.OK, "");
                object.detail("purpose", "lock of memory of System V");
            }
            found.accept(object);
        } else if (name.startsWith(SEMAPHORE) && file.bytes() == SEMAPHORE_BYTES) {
            found.accept(semaphore(file, name.substring(SEMAPHORE.length())));
        } else {
            found.accept(new Inspected("/" + name, "posix memory", file.path().toString()).file(file).foreign());
        }
    }

    private static void other(FileFacts file, SegmentLook look, Consumer<Inspected> found) {
        Inspected object = look.describe(file, SegmentNames.isSegment(file.path().getFileName().toString()));
        if (object != null) {
            found.accept(object);
        }
    }

    /** As the C library of GNU has it: the value in the lower half of the first word, who waits in the upper. */
    private static Inspected semaphore(FileFacts file, String name) {
        Inspected object = new Inspected("/" + name, "posix semaphore", file.path().toString()).file(file).foreign();
        try (SegmentCopy copy = new SegmentCopy(file.path())) {
            ByteBuffer words = copy.read(0, Long.BYTES);
            if (words.limit() == Long.BYTES) {
                object.detail("permits", words.getLong(0) & 0xffff_ffffL);
                object.detail("waiters", words.getLong(0) >>> Integer.SIZE);
            }
        } catch (IOException refused) {
            object.condition(Condition.UNREADABLE, "it may not be read by this user");
        }
        return object;
    }

    @Override
    public boolean remove(Inspected object) {
        Object path = object.details().get("path");
        if (path == null || object.isForeign()) {
            return false;
        }
        Path file = Path.of(path.toString());
        if (!SegmentNames.isSegment(file.getFileName().toString()) && Files.exists(file) && !isSegment(file)) {
            return false;
        }
        Optional<FileFacts> now = LifeInspector.facts(file);
        if (now.isEmpty() || !now.get().identity().equals(object.identity())) {
            // Somebody else has removed it, and perhaps made another one.
            return true;
        }
        if (now.get().uid() != ProcessIdentity.effectiveUid()) {
            throw new AccessRefusedException(file + " belongs to user " + now.get().uid()
                    + ": run this as that user");
        }
        new SegmentCleaner(contents()).remove(file, object.verdict() == Verdict.KEPT);
        return true;
    }

    private static boolean isSegment(Path file) {
        try (SegmentCopy copy = new SegmentCopy(file)) {
            return SegmentCheck.isToolkits(copy.read(0, SegmentLayout.HEADER_SIZE));
        } catch (IOException refused) {
            return false;
        }
    }

    @Override
    public boolean dump(Path file, DumpOptions options, Consumer<DumpLine> out) throws IOException {
        return Files.isRegularFile(file) && new SegmentDump(file, contents(), options, out).dump();
    }
}
