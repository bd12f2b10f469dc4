package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jvmipc.posix.ProcFields;
import org.jvmipc.posix.ProcessIdentity;

/** What people call the files of segments. */
final class SegmentNames {
    private static final String PREFIX = "jvmipc-";
    private static final int UID_DIGITS = 10;

    private SegmentNames() {
    }

    /** Whether a file in {@code /dev/shm} says by its name that it is a segment, of whatever user. */
    static boolean isSegment(String file) {
        return uid(file) != null;
    }

    /** Of {@code jvmipc-1000-orders} the number; null if it has another form. */
    private static String uid(String file) {
        int dash = file.startsWith(PREFIX) ? file.indexOf('-', PREFIX.length()) : -1;
        if (dash < 0 || dash == file.length() - 1) {
            return null;
        }
        String uid = file.substring(PREFIX.length(), dash);
        return ProcFields.isNumber(uid, UID_DIGITS) ? uid : null;
    }

    /**
     * An address, or the name of a segment.
     *
     * @param file where it is
     * @param header what it begins with, or null if that cannot be read
     */
    static String name(Path file, ByteBuffer header) {
        String name = file.getFileName().toString();
        String uid = uid(name);
        boolean standard = PosixNames.DIRECTORY.equals(file.getParent());
        if (uid == null) {
            return file.toString();
        }
        boolean own = uid.equals(String.valueOf(ProcessIdentity.effectiveUid()));
        String rest = name.substring(PREFIX.length() + uid.length() + 1);
        if (header == null || SegmentCheck.isMemory(header)) {
            return standard && own ? rest : file.toString();
        }
        if (!own) {
            return file.toString();
        }
        return "shm:" + rest + (standard ? "" : "?backing=file&dir=" + file.getParent());
    }

    /** What it is: the ring or what the memory holds, as those say who know its type. */
    static String kind(ByteBuffer header, List<SegmentContent> contents) {
        if (!SegmentCheck.isMemory(header)) {
            int kind = header.getInt(SegmentLayout.KIND);
            return switch (kind) {
                case SegmentLayout.KIND_DOOR -> "listener";
                case SegmentLayout.KIND_LOSSY -> "ring broadcast, lossy";
                default -> Geometry.name(kind).replace("ring=", "ring ");
            };
        }
        String type = header.limit() >= SharedLayout.CONSTANT_END ? SharedHeader.type(header) : "";
        for (SegmentContent content : contents) {
            if (content.knows(type)) {
                return content.kind(type);
            }
        }
        return type.isEmpty() ? "segment" : SharedHeader.printable(type);
    }
}
