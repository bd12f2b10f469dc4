package org.jvmipc.shm;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jvmipc.Address;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Options;

/** The options of an address that say which ring a segment holds, and for how many. */
final class RingOptions {
    private static final long DEFAULT_CAPACITY = 1 << 20;
    /** Of each producer's ring. */
    private static final long DEFAULT_LANE = 256 << 10;
    private static final int DEFAULT_PLACES = 8;

    private final OptionValues values;

    RingOptions(OptionValues values) {
        this.values = values;
    }

    /** All options of rings, whatever their kind. */
    static Options declare() {
        return Options.common()
                .choice("ring", "spsc", "spsc", "mpsc", "mpmc", "broadcast")
                .choice("backing", "posix", "posix", "file", "sysv", "memfd")
                .text("fd", "", Pattern.compile("[0-9]{1,9}"), "the number of an open descriptor")
                .text("dir", "", Pattern.compile("/.*"), "an absolute path")
                .text("key", "", Pattern.compile("0x(?=.*[1-9a-fA-F])[0-9a-fA-F]{1,8}"),
                        "a number from 0x1 to 0xffffffff, such as 0x4a564d31")
                .choice("overflow", "block", "block", "fail", "dropNewest", "dropOldest")
                .size("capacity", DEFAULT_CAPACITY, SegmentLayout.MIN_CAPACITY, SegmentLayout.MAX_CAPACITY)
                .size("producers", DEFAULT_PLACES, 1, SegmentLayout.MAX_PLACES)
                .flag("fragment", false)
                .size("consumers", DEFAULT_PLACES, 1, MpmcLayout.MAX_CONSUMERS)
                .size("readers", DEFAULT_PLACES, 1, SegmentLayout.MAX_PLACES)
                .size("maxMessage", DEFAULT_CAPACITY - SegmentLayout.LARGEST_OVERHEAD, 1,
                        SegmentLayout.MAX_CAPACITY - SegmentLayout.LARGEST_OVERHEAD);
    }

    private int kind() {
        return switch (values.text("ring")) {
            case "mpsc" -> SegmentLayout.KIND_MPSC;
            case "mpmc" -> SegmentLayout.KIND_MPMC;
            case "broadcast" -> "dropOldest".equals(values.overflow())
                    ? SegmentLayout.KIND_LOSSY : SegmentLayout.KIND_BROADCAST;
            default -> SegmentLayout.KIND_SPSC;
        };
    }

    /** What to create. */
    Geometry geometry() {
        int kind = kind();
        long capacity = !values.isGiven("capacity") && kind == SegmentLayout.KIND_MPSC
                ? DEFAULT_LANE : values.size("capacity");
        int producers = kind == SegmentLayout.KIND_MPSC || kind == SegmentLayout.KIND_MPMC
                ? (int) values.size("producers") : 1;
        return new Geometry(kind, capacity, producers, consumers(kind));
    }

    private int consumers(int kind) {
        return switch (kind) {
            case SegmentLayout.KIND_MPMC -> (int) values.size("consumers");
            case SegmentLayout.KIND_BROADCAST, SegmentLayout.KIND_LOSSY -> (int) values.size("readers");
            default -> 1;
        };
    }

    /**
     * Checks what depends on each other.
     *
     * @throws IllegalArgumentException if it does not go together
     */
    void check(Address address) {
        long capacity = values.size("capacity");
        if (!SegmentLayout.isCapacity(capacity)) {
            throw new IllegalArgumentException("capacity=" + capacity + " of " + address
                    + " is not allowed; allowed is a power of two from 4k to 1g, such as "
                    + Long.highestOneBit(capacity));
        }
        checkBacking(address, "dir", "file");
        checkBacking(address, "key", "sysv");
        checkBacking(address, "fd", "memfd");
        checkMemfd(address);
        if ("file".equals(values.text("backing")) && !values.isGiven("dir")) {
            throw new IllegalArgumentException("backing=file of " + address + " needs dir=, the directory of the file, "
                    + "such as dir=/var/tmp");
        }
        Geometry geometry = geometry();
        checkOnly(address, "producers", List.of("mpsc", "mpmc"));
        checkOnly(address, "consumers", List.of("mpmc"));
        checkOnly(address, "readers", List.of("broadcast"));
        if ("dropOldest".equals(values.overflow()) && geometry.kind() != SegmentLayout.KIND_LOSSY) {
            throw new IllegalArgumentException("overflow=dropOldest of " + address + " does not go with ring="
                    + values.text("ring") + ", as a consumer may be reading that memory; allowed is block | fail | "
                    + "dropNewest, or ring=broadcast");
        }
        if (geometry.fileSize() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("capacity=" + geometry.capacity() + " for each of producers="
                    + geometry.producers() + " of " + address + " makes " + geometry.fileSize()
                    + " bytes, allowed is up to " + Integer.MAX_VALUE + "; lower one of them");
        }
        long most = geometry.capacity() - SegmentLayout.LARGEST_OVERHEAD;
        if (values.flag("fragment")) {
            if (geometry.kind() == SegmentLayout.KIND_LOSSY) {
                throw new IllegalArgumentException("fragment=true of " + address + " does not go with "
                        + "overflow=dropOldest, as readers would miss parts of messages; leave out one of them, or "
                        + "send blocks of a SharedPool");
            }
            if (geometry.kind() == SegmentLayout.KIND_MPMC) {
                throw new IllegalArgumentException("fragment=true of " + address + " does not go with ring=mpmc, as "
                        + "several receivers would get parts of one message; leave out one of them, or send blocks "
                        + "of a SharedPool");
            }
            return;
        }
        if (values.isGiven("capacity") && values.isGiven("maxMessage") && values.maxMessage() > most) {
            throw new IllegalArgumentException("maxMessage=" + values.maxMessage() + " of " + address + " is larger "
                    + "than the " + most + " that capacity=" + capacity + " takes; raise the capacity");
        }
    }

    /** Memory without a name is made by who gives no descriptor, and attached to by who gives one. */
    private void checkMemfd(Address address) {
        if (!"memfd".equals(values.text("backing"))) {
            return;
        }
        if (values.flag("keep")) {
            throw new IllegalArgumentException("keep=true of " + address + " does not go with backing=memfd, which has "
                    + "no name under which it could be found again; keep its descriptor open instead");
        }
        boolean attaches = values.isGiven("fd");
        if (attaches && "create".equals(values.text("open"))) {
            throw new IllegalArgumentException("open=create of " + address + " does not go with fd="
                    + values.text("fd") + ", whose memory exists; leave out one of them");
        }
        if (!attaches && "attach".equals(values.text("open"))) {
            throw new IllegalArgumentException("open=attach of " + address + " needs fd=, the descriptor of the memory "
                    + "as ShmChannels.descriptor tells it, or as a peer has sent it");
        }
    }

    private void checkOnly(Address address, String option, List<String> rings) {
        if (values.isGiven(option) && !rings.contains(values.text("ring"))) {
            throw new IllegalArgumentException("option " + option + "=" + values.size(option) + " of " + address
                    + " is of use with ring=" + String.join(" or ", rings) + " only, not with ring="
                    + values.text("ring"));
        }
    }

    private void checkBacking(Address address, String option, String backing) {
        if (values.isGiven(option) && !backing.equals(values.text("backing"))) {
            throw new IllegalArgumentException("option " + option + "=" + values.text(option) + " of " + address
                    + " is of use with backing=" + backing + " only, not with backing=" + values.text("backing"));
        }
    }

    /** Where the files of a channel are, if it has any. */
    Path directory() {
        return "file".equals(values.text("backing")) ? Path.of(values.text("dir")) : PosixNames.DIRECTORY;
    }

    /**
     * What a channel's memory is made of.
     *
     * @param file the channel's file, if it has one
     */
    Backing backing(Path file) {
        String name = file.getFileName().toString().substring(PosixNames.prefix().length());
        return switch (values.text("backing")) {
            case "sysv" -> SysvBacking.ofKey(
                    values.isGiven("key") ? Integer.parseUnsignedInt(values.text("key").substring(2), 16)
                            : SysvBacking.key(name));
            case "memfd" -> values.isGiven("fd") ? MemfdBacking.ofDescriptor(Integer.parseInt(values.text("fd")))
                    : MemfdBacking.ofNew(name);
            default -> new FileBacking(file);
        };
    }
}
