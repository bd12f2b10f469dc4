package org.jvmipc.shm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts who has which blocks. */
final class PoolInspector {
    private static final int STATES = 3;

    private PoolInspector() {
    }

    static PoolStatus inspect(BlockTable table, PoolGeometry geometry, PoolOwners owners) {
        Map<Long, int[]> holders = new LinkedHashMap<>();
        List<PoolStatus.SizeClass> classes = new ArrayList<>();
        for (PoolClass each : geometry.classes()) {
            int[] counts = new int[STATES];
            for (int i = each.first(); i < each.first() + each.count(); i++) {
                long word = table.word(i);
                int state = BlockState.state(word);
                counts[state]++;
                if (state != BlockState.FREE) {
                    long who = BlockState.occupancy(word) * SharedLayout.SLOT_COUNT + BlockState.slot(word);
                    holders.computeIfAbsent(who, key -> new int[STATES])[state]++;
                }
            }
            classes.add(new PoolStatus.SizeClass(each.bytes(), each.count(), counts[BlockState.FREE],
                    counts[BlockState.OWNED], counts[BlockState.IN_FLIGHT]));
        }
        List<PoolStatus.Holder> found = new ArrayList<>();
        holders.forEach((who, counts) -> {
            int slot = (int) (who % SharedLayout.SLOT_COUNT);
            long occupancy = who / SharedLayout.SLOT_COUNT;
            found.add(new PoolStatus.Holder(owners.info(slot, occupancy), owners.isGone(slot, occupancy),
                    counts[BlockState.OWNED], counts[BlockState.IN_FLIGHT]));
        });
        return new PoolStatus(List.copyOf(classes), List.copyOf(found));
    }
}
