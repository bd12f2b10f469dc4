package org.jvmipc.shm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jvmipc.IpcException;
import org.jvmipc.posix.NativeLibrary;

/**
 * Removes the files of segments that nobody uses. As whoever attaches and leaves does, it takes the segment's lock and
 * looks anew under it; so what somebody attaches to at the same moment is either gone by then or not removed.
 */
final class SegmentCleaner {
    private static final long PATIENCE_NANOS = 200_000_000;
    /** No content that anybody judges is larger. */
    private static final int CONTENT = 1 << 20;

    private final List<SegmentContent> contents;

    SegmentCleaner(List<SegmentContent> contents) {
        this.contents = contents;
    }

    /**
     * Removes a file.
     *
     * @param kept whether to remove it also if it is to be kept
     * @throws IpcException if somebody uses it
     */
    void remove(Path path, boolean kept) {
        try {
            Uninterrupted.run(() -> {
                try (SegmentFile file = SegmentFile.open(path, false, System.nanoTime() + PATIENCE_NANOS)) {
                    if (file != null) {
                        removeOpen(file, path, kept);
                    }
                    return null;
                }
            });
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void removeOpen(SegmentFile file, Path path, boolean kept) throws IOException {
        file.lock(System.nanoTime() + PATIENCE_NANOS);
        ByteBuffer header = file.read(SharedLayout.HEADER_SIZE + SegmentLayout.SLOT_SIZE
                * 2 * SegmentLayout.MAX_PLACES);
        if (file.isCurrent()) {
            String why = whyNot(file, path, header, kept);
            if (!why.isEmpty()) {
                throw new IpcException(path + " is not removed: " + why);
            }
            file.unlink();
        }
    }

    /** Why it may not be removed; empty if it may. */
    private String whyNot(SegmentFile file, Path path, ByteBuffer header, boolean kept) throws IOException {
        boolean natively = NativeLibrary.isAvailable();
        if (file.isBlank()) {
            return "";
        }
        if (!SegmentCheck.isToolkits(header)) {
            return kept ? "" : "it does not begin as a segment does";
        }
        if (SegmentCheck.isUnfinished(header)) {
            return "";
        }
        boolean memory = SegmentCheck.isMemory(header);
        Geometry geometry = Geometry.of(header);
        boolean legible = memory ? header.limit() >= SharedLayout.HEADER_SIZE
                : geometry.isSound() && header.limit() >= geometry.headerBytes();
        if (!legible) {
            return kept ? "" : "too little of it is left to tell who uses it";
        }
        int attached = 0;
        boolean keeps = false;
        int slots = memory ? SharedLayout.SLOT_COUNT : Places.all(header, geometry).size();
        for (int i = 0; i < slots; i++) {
            Slot slot = memory ? new Slot(header, SharedLayout.slot(i)) : Places.all(header, geometry).get(i);
            long presence = slot.presence();
            if (SegmentLayout.isAttached(presence)) {
                if (Liveness.isAliveNow(slot.occupant(), natively)) {
                    return slot.occupant().info() + " lives, or may live";
                }
                attached++;
                keeps |= (presence & SegmentLayout.KEEPS) != 0;
            }
        }
        if (kept) {
            return "";
        }
        return attached > 0 && !keeps ? memory ? needed(file, path) : ""
                : "it is to be kept; name it to remove it";
    }

    private String needed(SegmentFile file, Path path) throws IOException {
        ByteBuffer whole = file.read((int) Math.min(file.size(), CONTENT));
        for (SegmentContent content : contents) {
            SegmentView view = new SegmentView(path.toString(), whole, NativeLibrary.isAvailable());
            if (content.knows(view.type())) {
                return content.needed(view);
            }
        }
        return "";
    }
}
