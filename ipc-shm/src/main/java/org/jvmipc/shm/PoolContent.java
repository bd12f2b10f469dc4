package org.jvmipc.shm;

import java.nio.ByteBuffer;
import org.jvmipc.IpcException;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.Inspected.Condition;

/** Tells tools what blocks a {@link SharedPool} has. */
public final class PoolContent implements SegmentContent {
    /** For {@link java.util.ServiceLoader}. */
    public PoolContent() {
    }

    @Override
    public boolean knows(String type) {
        return SharedPoolBuilder.TYPE.equals(type);
    }

    @Override
    public String kind(String type) {
        return "pool";
    }

    @Override
    public void describe(SegmentView segment, Inspected into) {
        ByteBuffer memory = segment.memory();
        try {
            into.detail("blocks", PoolGeometry.read(memory, Long.MAX_VALUE, into.where()).toString());
        } catch (IpcException broken) {
            into.condition(Condition.DAMAGED, broken.getMessage());
        }
    }
}
