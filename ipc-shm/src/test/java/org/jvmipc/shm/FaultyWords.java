package org.jvmipc.shm;

/** Control words whose user meets something before an access. */
final class FaultyWords implements PoolWords {
    /** Ends what a participant does. */
    static final class Death extends Error {
        private static final long serialVersionUID = 1;

        private Death() {
            super("dies here", null, false, false);
        }
    }

    private final PoolWords words;
    private final long at;
    private final Runnable fault;
    private long accesses;
    private boolean dead;

    /**
     * Creates them.
     *
     * @param words the real ones
     * @param at before which access, the first being number 1
     * @param fault what happens there; null to die
     */
    FaultyWords(PoolWords words, long at, Runnable fault) {
        this.words = words;
        this.at = at;
        this.fault = fault;
    }

    boolean hasMetIt() {
        return accesses >= at;
    }

    private void access() {
        if (++accesses == at) {
            if (fault == null) {
                dead = true;
            } else {
                fault.run();
            }
        }
        if (dead) {
            throw new Death();
        }
    }

    @Override
    public long get(int offset) {
        access();
        return words.get(offset);
    }

    @Override
    public long getOpaque(int offset) {
        access();
        return words.getOpaque(offset);
    }

    @Override
    public void setOpaque(int offset, long value) {
        access();
        words.setOpaque(offset, value);
    }

    @Override
    public boolean compareAndSet(int offset, long expected, long value) {
        access();
        return words.compareAndSet(offset, expected, value);
    }

    @Override
    public void or(int offset, long bits) {
        access();
        words.or(offset, bits);
    }

    @Override
    public void andNot(int offset, long bits) {
        access();
        words.andNot(offset, bits);
    }

    @Override
    public void add(int offset, long delta) {
        access();
        words.add(offset, delta);
    }
}
