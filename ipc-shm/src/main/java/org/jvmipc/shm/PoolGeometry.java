package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.SegmentCorruptedException;

/** What sizes of blocks a pool has, and where everything is; follows from the sizes and their counts. */
final class PoolGeometry {
    private final PoolClass[] classes;
    private final int blocks;
    private final int descriptors;
    private final long size;

    /**
     * Computes it.
     *
     * @param sizes how many there are of each size, smallest first; within the limits of {@link PoolLayout}
     */
    PoolGeometry(SortedMap<Integer, Integer> sizes) {
        long control = PoolLayout.CONTROL;
        int total = 0;
        int[] bitmaps = new int[sizes.size()];
        int i = 0;
        for (int count : sizes.values()) {
            bitmaps[i++] = (int) control;
            control = PoolLayout.align(control + (count + Long.SIZE - 1) / Long.SIZE * Long.BYTES, SegmentLayout.LINE);
            total += count;
        }
        this.blocks = total;
        this.descriptors = (int) control;
        long data = PoolLayout.align(control + (long) total * PoolLayout.DESCRIPTOR_SIZE, PoolLayout.PAGE);
        this.classes = new PoolClass[sizes.size()];
        int first = 0;
        i = 0;
        for (Map.Entry<Integer, Integer> entry : sizes.entrySet()) {
            PoolClass next = new PoolClass(entry.getKey(), entry.getValue(), first, bitmaps[i], data);
            classes[i++] = next;
            first += next.count();
            data = PoolLayout.align(data + next.stride() * next.count(), PoolLayout.PAGE);
        }
        this.size = data;
    }

    /** Why these cannot be the sizes of a pool; null if they can. */
    static String objection(SortedMap<Integer, Integer> sizes) {
        if (sizes.isEmpty() || sizes.size() > PoolLayout.CLASSES_MAX) {
            return sizes.size() + " sizes of blocks; 1 to " + PoolLayout.CLASSES_MAX + " are allowed";
        }
        long total = 0;
        long bytes = 0;
        for (Map.Entry<Integer, Integer> entry : sizes.entrySet()) {
            if (entry.getKey() < 1 || entry.getKey() > PoolLayout.BLOCK_BYTES_MAX) {
                return "blocks of " + entry.getKey() + " bytes; 1 to " + PoolLayout.BLOCK_BYTES_MAX + " are allowed";
            }
            if (entry.getValue() < 1) {
                return entry.getValue() + " blocks of " + entry.getKey() + " bytes; at least one is needed";
            }
            total += entry.getValue();
            if (total > PoolLayout.BLOCKS_MAX) {
                return total + " blocks or more; up to " + PoolLayout.BLOCKS_MAX + " are allowed";
            }
            bytes += PoolClass.stride(entry.getKey()) * entry.getValue();
        }
        // What comes before the blocks is less than the second term.
        if (bytes > SharedLayout.MAX_SIZE - (1 << 30)) {
            return bytes + " bytes in blocks; up to " + (SharedLayout.MAX_SIZE - (1 << 30)) + " are allowed";
        }
        return null;
    }

    /** Writes the constant part into new, zeroed memory. */
    void write(ByteBuffer memory) {
        memory.put(PoolLayout.MAGIC, PoolLayout.MAGIC_BYTES);
        memory.putInt(PoolLayout.LAYOUT_VERSION, PoolLayout.VERSION);
        memory.putInt(PoolLayout.CLASS_COUNT, classes.length);
        memory.putLong(PoolLayout.BLOCK_COUNT, blocks);
        memory.putLong(PoolLayout.DESCRIPTORS, descriptors);
        memory.putLong(PoolLayout.POOL_SIZE, size);
        for (int i = 0; i < classes.length; i++) {
            int entry = PoolLayout.CLASS_TABLE + i * PoolLayout.ENTRY_SIZE;
            memory.putLong(entry + PoolLayout.BLOCK_BYTES, classes[i].bytes());
            memory.putLong(entry + PoolLayout.STRIDE, classes[i].stride());
            memory.putLong(entry + PoolLayout.COUNT, classes[i].count());
            memory.putLong(entry + PoolLayout.FIRST, classes[i].first());
            memory.putLong(entry + PoolLayout.BITMAP, classes[i].bitmap());
            memory.putLong(entry + PoolLayout.DATA, classes[i].data());
        }
    }

    /**
     * Reads what is in a segment.
     *
     * @param memory the constant part, that is the first {@link PoolLayout#CONTROL} bytes or as many as there are
     * @param bytes of the whole
     * @param where for messages
     * @throws IncompatibleChannelException if this is no pool, or one of another version
     * @throws SegmentCorruptedException if it is nonsense
     */
    static PoolGeometry read(ByteBuffer memory, long bytes, String where) {
        byte[] magic = new byte[PoolLayout.MAGIC_BYTES.length];
        if (memory.capacity() >= PoolLayout.CONTROL) {
            memory.get(PoolLayout.MAGIC, magic);
        }
        if (!Arrays.equals(magic, PoolLayout.MAGIC_BYTES)) {
            throw new IncompatibleChannelException(where + " holds no pool of blocks; choose another name");
        }
        int version = memory.getInt(PoolLayout.LAYOUT_VERSION);
        if (version != PoolLayout.VERSION) {
            throw new IncompatibleChannelException(where + " is a pool of layout version " + version + ", wanted is "
                    + PoolLayout.VERSION);
        }
        TreeMap<Integer, Integer> sizes = new TreeMap<>();
        int count = memory.getInt(PoolLayout.CLASS_COUNT);
        for (int i = 0; i < count && i < PoolLayout.CLASSES_MAX; i++) {
            int entry = PoolLayout.CLASS_TABLE + i * PoolLayout.ENTRY_SIZE;
            sizes.put(clip(memory.getLong(entry + PoolLayout.BLOCK_BYTES)),
                    clip(memory.getLong(entry + PoolLayout.COUNT)));
        }
        String objection = count == sizes.size() ? objection(sizes) : count + " sizes of blocks, not one as the other";
        if (objection != null) {
            throw new SegmentCorruptedException(where + " is a pool with " + objection + "; nobody can use it: "
                    + "remove it");
        }
        PoolGeometry geometry = new PoolGeometry(sizes);
        ByteBuffer expected = ByteBuffer.allocate(PoolLayout.CONTROL).order(memory.order());
        geometry.write(expected);
        int end = PoolLayout.CLASS_TABLE + count * PoolLayout.ENTRY_SIZE;
        boolean same = expected.slice(0, PoolLayout.RELEASES).equals(copy(memory, 0, PoolLayout.RELEASES))
                && expected.slice(PoolLayout.CLASS_TABLE, end - PoolLayout.CLASS_TABLE)
                        .equals(copy(memory, PoolLayout.CLASS_TABLE, end - PoolLayout.CLASS_TABLE));
        if (!same || geometry.size > bytes) {
            throw new SegmentCorruptedException(where + " of " + bytes + " bytes is a pool whose header does not fit "
                    + "together for " + geometry + ", which take " + geometry.size + " bytes; nobody can use it: "
                    + "remove it");
        }
        return geometry;
    }

    private static ByteBuffer copy(ByteBuffer memory, int from, int length) {
        byte[] bytes = new byte[length];
        memory.get(from, bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static int clip(long value) {
        return (int) Math.max(-1, Math.min(value, Integer.MAX_VALUE));
    }

    List<PoolClass> classes() {
        return List.of(classes);
    }

    int classCount() {
        return classes.length;
    }

    PoolClass get(int number) {
        return classes[number];
    }

    PoolClass largest() {
        return classes[classes.length - 1];
    }

    /** The number of the smallest class whose blocks are large enough; as many as there are if there is none. */
    int fitting(int bytes) {
        int number = 0;
        while (number < classes.length && classes[number].bytes() < bytes) {
            number++;
        }
        return number;
    }

    PoolClass classOf(int index) {
        int number = classes.length - 1;
        while (classes[number].first() > index) {
            number--;
        }
        return classes[number];
    }

    int blocks() {
        return blocks;
    }

    /** Bytes of the whole. */
    long size() {
        return size;
    }

    /** Where the control words end. */
    int controlEnd() {
        return descriptors + blocks * PoolLayout.DESCRIPTOR_SIZE;
    }

    int state(int index) {
        return descriptors + index * PoolLayout.DESCRIPTOR_SIZE + PoolLayout.BLOCK_STATE;
    }

    int length(int index) {
        return descriptors + index * PoolLayout.DESCRIPTOR_SIZE + PoolLayout.BLOCK_LENGTH;
    }

    /** Where a block's bytes begin. */
    long data(int index) {
        PoolClass its = classOf(index);
        return its.data() + its.stride() * (index - its.first());
    }

    boolean hasSizesOf(PoolGeometry other) {
        return toString().equals(other.toString());
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        for (PoolClass each : classes) {
            parts.add(each.count() + " x " + each.bytes());
        }
        return "blocks of " + String.join(", ", parts) + " bytes";
    }
}
