package org.jvmipc.internal;

import java.util.List;
import org.jvmipc.Registration;
import org.jvmipc.spi.ParkReadiness;
import org.jvmipc.spi.Readiness;

/**
 * The readiness of a whole select. Whoever sleeps on it arms all cases first and parks: the threads that the transports
 * share wait for all of them.
 */
final class SelectBell implements Readiness {
    private final List<SelectEntry<?>> entries;
    private final ParkReadiness parking = new ParkReadiness(this::isRung);
    private volatile boolean rung;
    private boolean maySpin;
    private int next;

    SelectBell(List<SelectEntry<?>> entries) {
        this.entries = entries;
    }

    private boolean isRung() {
        return rung;
    }

    void ring() {
        rung = true;
        parking.signal();
    }

    /** All that happened so far will be looked at. */
    void reset() {
        rung = false;
    }

    /** Whether the next wait may begin with looking at memory; once is enough. */
    void maySpin(boolean may) {
        maySpin = may;
    }

    @Override
    public boolean canSpin() {
        if (maySpin) {
            for (SelectEntry<?> entry : entries) {
                if (entry.canSpin()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Looks at one case, and next time at the next, so that many cases cost no more than one. */
    @Override
    public boolean isReady() {
        if (rung) {
            return true;
        }
        int size = entries.size();
        if (!maySpin || size == 0) {
            return false;
        }
        next = next + 1 < size ? next + 1 : 0;
        SelectEntry<?> entry;
        try {
            entry = entries.get(next);
        } catch (IndexOutOfBoundsException removedMeanwhile) {
            return false;
        }
        return entry.canSpin() && entry.looksReady();
    }

    private void armAll() {
        for (SelectEntry<?> entry : entries) {
            entry.arm();
        }
    }

    @Override
    public void sleep(long nanos) {
        armAll();
        parking.sleep(nanos);
    }

    @Override
    public void wakeUp() {
        parking.wakeUp();
    }

    @Override
    public Registration arm(Runnable callback) {
        armAll();
        return parking.arm(callback);
    }
}
