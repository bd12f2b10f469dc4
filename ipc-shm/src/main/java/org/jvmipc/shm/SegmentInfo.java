package org.jvmipc.shm;

import java.util.List;
import org.jvmipc.PeerInfo;

/**
 * A segment that exists, as {@link SharedSegment#list} or {@link SharedSegmentBuilder#info} found it.
 *
 * @param backing {@code posix}, {@code file}, {@code sysv} or {@code memfd}
 * @param where its path, or a key or number of System V, or a descriptor, in words
 * @param kind {@code memory}, which {@link SharedSegment} opens; {@code ring} or {@code door} of a channel; or
 *        {@code broken}, which may be removed
 * @param type what it holds, as its creator called it, perhaps empty
 * @param bytes what it takes in all
 * @param generation which of those that were made under this name it is
 * @param creatorPid the process that created it
 * @param participants who has it open, for the kind {@code memory}
 * @param mappings how many mappings the kernel knows, or -1 if it does not tell, as for files
 */
public record SegmentInfo(String backing, String where, String kind, String type, long bytes, long generation,
        long creatorPid, List<PeerInfo> participants, long mappings) {
    /**
     * Whether nobody who lives has it open, so that it was kept, or left behind by processes that died.
     *
     * @return false if it is in use, or of another kind, or nobody can tell
     */
    public boolean isUnused() {
        return kind.equals("memory") && participants.isEmpty();
    }
}
