package org.jvmipc.shm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jvmipc.IpcException;
import org.jvmipc.posix.NativeLibrary;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.posix.SysvShmCalls;

/** Looks at segments. It changes nothing, and takes no lock, so that a stopped process does not hold it up. */
final class SegmentLister {
    private static final Path SYSTEM_V = Path.of("/proc/sysvipc/shm");
    private static final long PATIENCE_NANOS = 200_000_000;

    private SegmentLister() {
    }

    /** This user's segments that can be found without knowing of them. */
    static List<SegmentInfo> all() {
        List<Backing> candidates = files();
        candidates.addAll(systemV());
        List<SegmentInfo> found = new ArrayList<>();
        for (Backing candidate : candidates) {
            try {
                look(candidate).ifPresent(found::add);
            } catch (IpcException | UncheckedIOException notOurs) {
                // A directory, somebody else's, or gone in the meantime: it is not one of the toolkit's.
                continue;
            }
        }
        return found;
    }

    private static List<Backing> files() {
        List<Backing> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(PosixNames.DIRECTORY, PosixNames.prefix() + "*")) {
            files.forEach(file -> found.add(new FileBacking(file)));
        } catch (NoSuchFileException none) {
            return found;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return found;
    }

    /** Those which only this user can have made and can change. */
    private static List<Backing> systemV() {
        List<Backing> found = new ArrayList<>();
        List<String> lines;
        try {
            lines = Files.readAllLines(SYSTEM_V);
        } catch (IOException unsupported) {
            return found;
        }
        String user = String.valueOf(ProcessIdentity.effectiveUid());
        for (String line : lines.subList(1, lines.size())) {
            // key shmid perms size cpid lpid nattch uid gid cuid ...
            String[] field = line.trim().split(" +");
            boolean ours = field[2].equals("600") && field[7].equals(user) && field[9].equals(user);
            // Only then native code is needed.
            if (ours && Long.parseLong(field[3]) >= SharedLayout.CONSTANT_END && NativeLibrary.isAvailable()) {
                int key = (int) Long.parseLong(field[0]);
                found.add(key == SysvShmCalls.IPC_PRIVATE
                        ? SysvBacking.ofId(Integer.parseInt(field[1])) : SysvBacking.ofKey(key));
            }
        }
        return found;
    }

    /** Empty if there is nothing of this toolkit. */
    static Optional<SegmentInfo> look(Backing backing) {
        try {
            return Optional.ofNullable(Uninterrupted.run(() -> read(backing)));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * Maps a segment of some type; empty if there is none, or it is not ready.
     *
     * @throws IpcException if it is not for this user
     */
    static Optional<SegmentView> view(Backing backing, Predicate<String> types) {
        try {
            return Optional.ofNullable(Uninterrupted.run(() -> map(backing, types)));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static SegmentView map(Backing backing, Predicate<String> types) throws IOException {
        try (Backing.Handle handle = backing.open(false, System.nanoTime() + PATIENCE_NANOS)) {
            if (handle == null) {
                return null;
            }
            long size = handle.size();
            ByteBuffer header = handle.read(SharedLayout.HEADER_SIZE);
            boolean whole = SharedHeader.isOurs(header) && header.limit() >= SharedLayout.HEADER_SIZE
                    && header.getInt(SharedLayout.STATE) == SegmentLayout.STATE_READY
                    && header.getLong(SharedLayout.FILE_SIZE) == size;
            if (!whole || !types.test(SharedHeader.type(header))) {
                return null;
            }
            return new SegmentView(backing.name(), handle.map(new Windows(size, Windows.STRIDE))[0],
                    NativeLibrary.isSupported());
        }
    }

    private static SegmentInfo read(Backing backing) throws IOException {
        try (Backing.Handle handle = backing.open(false, System.nanoTime() + PATIENCE_NANOS)) {
            if (handle == null) {
                return null;
            }
            long size = handle.size();
            ByteBuffer header = handle.read(SharedLayout.HEADER_SIZE);
            if (!SharedHeader.isToolkits(header)) {
                return null;
            }
            boolean whole = header.getInt(SharedLayout.STATE) == SegmentLayout.STATE_READY
                    && header.getLong(SharedLayout.FILE_SIZE) == size;
            boolean memory = SharedHeader.isOurs(header) && header.limit() >= SharedLayout.HEADER_SIZE;
            return new SegmentInfo(backing.kind(), backing.name(), whole ? kind(header) : "broken",
                    memory ? SharedHeader.type(header) : "", size, header.getLong(SharedLayout.GENERATION),
                    header.getLong(SharedLayout.CREATOR_PID),
                    memory && whole ? new Participants(header, NativeLibrary.isSupported()).living() : List.of(),
                    handle.mappings());
        }
    }

    private static String kind(ByteBuffer header) {
        return switch (header.getInt(SharedLayout.KIND)) {
            case SharedLayout.KIND_MEMORY -> "memory";
            case SegmentLayout.KIND_DOOR -> "door";
            default -> "ring";
        };
    }
}
