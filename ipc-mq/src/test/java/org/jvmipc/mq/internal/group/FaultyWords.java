package org.jvmipc.mq.internal.group;

/** Words whose user dies before one of its stores. */
final class FaultyWords implements Words {
    /** Ends what a member does. */
    static final class Death extends Error {
        private static final long serialVersionUID = 1;

        private Death() {
            super("dies here", null, false, false);
        }
    }

    private final Words words;
    private final long at;
    private long stores;
    private boolean dead;

    /**
     * Creates them.
     *
     * @param words the real ones
     * @param at before which store it dies, the first being number 0
     */
    FaultyWords(Words words, long at) {
        this.words = words;
        this.at = at;
    }

    /** From now on all that its user does is in vain, as if its process were gone. */
    void die() {
        dead = true;
        throw new Death();
    }

    /** How often something was stored. */
    long stores() {
        return stores;
    }

    private void store() {
        if (dead || stores++ == at) {
            die();
        }
    }

    @Override
    public long get(int offset) {
        if (dead) {
            die();
        }
        return words.get(offset);
    }

    @Override
    public void set(int offset, long value) {
        store();
        words.set(offset, value);
    }

    @Override
    public boolean compareAndSet(int offset, long expected, long value) {
        store();
        return words.compareAndSet(offset, expected, value);
    }
}
