package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jvmipc.posix.ProcessIdentity;

/** What people call the files of segments. */
final class SegmentNames {
    private static final Pattern FILE = Pattern.compile("jvmipc-(\\d{1,10})-(.+)");

    private SegmentNames() {
    }

    /** Whether a file in {@code /dev/shm} says by its name that it is a segment, of whatever user. */
    static boolean isSegment(String file) {
        return FILE.matcher(file).matches();
    }

    /**
     * An address, or the name of a segment.
     *
     * @param file where it is
     * @param header what it begins with, or null if that cannot be read
     */
    static String name(Path file, ByteBuffer header) {
        String name = file.getFileName().toString();
        Matcher matcher = FILE.matcher(name);
        boolean standard = PosixNames.DIRECTORY.equals(file.getParent());
        if (!matcher.matches()) {
            return file.toString();
        }
        boolean own = matcher.group(1).equals(String.valueOf(ProcessIdentity.effectiveUid()));
        if (header == null || SegmentCheck.isMemory(header)) {
            return standard && own ? matcher.group(2) : file.toString();
        }
        if (!own) {
            return file.toString();
        }
        return "shm:" + matcher.group(2) + (standard ? "" : "?backing=file&dir=" + file.getParent());
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
