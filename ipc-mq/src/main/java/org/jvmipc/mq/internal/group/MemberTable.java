package org.jvmipc.mq.internal.group;

import static org.jvmipc.mq.internal.group.GroupLayout.HOME;
import static org.jvmipc.mq.internal.group.GroupLayout.IDENTITY;
import static org.jvmipc.mq.internal.group.GroupLayout.IDENTITY_LENGTH;
import static org.jvmipc.mq.internal.group.GroupLayout.IDENTITY_MAX;
import static org.jvmipc.mq.internal.group.GroupLayout.LIFE;
import static org.jvmipc.mq.internal.group.GroupLayout.LIFE_LENGTH;
import static org.jvmipc.mq.internal.group.GroupLayout.LIFE_MAX;
import static org.jvmipc.mq.internal.group.GroupLayout.MEMBER_COUNT;
import static org.jvmipc.mq.internal.group.GroupLayout.PRESENCE;
import static org.jvmipc.mq.internal.group.GroupLayout.member;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jvmipc.ChannelFullException;
import org.jvmipc.posix.IpcHome;
import org.jvmipc.posix.Life;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.posix.ProcessIdentity;

/**
 * The places of members in the file of a group. A member is known by its life sign and, for those whose life signs are
 * elsewhere, by its process; one of whom nothing can be found out lives.
 */
final class MemberTable implements Members {
    /** In a number: the place, counted from 1, in the lowest bits, and then how often it was taken. */
    private static final int PLACE_BITS = 7;
    private static final long ATTACHED = 1;

    private final MappedWords words;
    private final long home;
    private int place;
    private long presence;

    /**
     * Creates the view.
     *
     * @param words of the file
     */
    MemberTable(MappedWords words) {
        this.words = words;
        LifeSign.own();
        this.home = IpcHome.identity();
    }

    /**
     * Takes a place; while nobody else does.
     *
     * @param name of the group, for messages
     */
    void join(String name) {
        place = findFree();
        if (place < 0) {
            throw new ChannelFullException(name + " has " + MEMBER_COUNT + " consumers, and takes no more; let one of"
                    + " them close first");
        }
        int base = member(place);
        long before = words.get(base + PRESENCE);
        if (isAttached(before)) {
            words.set(base + PRESENCE, before & ~ATTACHED);
        }
        words.set(base + HOME, home);
        putText(base, LIFE_LENGTH, LIFE, LIFE_MAX, LifeSign.own().name());
        putText(base, IDENTITY_LENGTH, IDENTITY, IDENTITY_MAX, ProcessIdentity.current().toString());
        presence = (before >>> 1) + 1 << 1 | ATTACHED;
        words.set(base + PRESENCE, presence);
    }

    private int findFree() {
        for (int i = 0; i < MEMBER_COUNT; i++) {
            if (!isAttached(words.get(member(i) + PRESENCE))) {
                return i;
            }
        }
        for (int i = 0; i < MEMBER_COUNT; i++) {
            if (!lives(member(i))) {
                return i;
            }
        }
        return -1;
    }

    /** Gives the place back, unless somebody took this one for dead. */
    void leave() {
        words.compareAndSet(member(place) + PRESENCE, presence, presence & ~ATTACHED);
    }

    private static boolean isAttached(long presence) {
        return (presence & ATTACHED) != 0;
    }

    private static int number(int place, long presence) {
        return (int) (presence >>> 1 << PLACE_BITS) | place + 1;
    }

    @Override
    public int self() {
        return number(place, presence);
    }

    /** Where a member stands; -1 if it has gone, or there never was one. */
    private int find(int number) {
        int where = (number & (1 << PLACE_BITS) - 1) - 1;
        if (where < 0 || where >= MEMBER_COUNT) {
            return -1;
        }
        long found = words.get(member(where) + PRESENCE);
        return isAttached(found) && number(where, found) == number ? where : -1;
    }

    @Override
    public boolean isGone(int number) {
        if (number == self()) {
            return false;
        }
        int where = find(number);
        // Its place may be given to another one meanwhile, who lives.
        return where < 0 || !lives(member(where)) || find(number) < 0;
    }

    private boolean lives(int base) {
        String life = text(base, LIFE_LENGTH, LIFE, LIFE_MAX);
        Life process = ProcessIdentity.parse(text(base, IDENTITY_LENGTH, IDENTITY, IDENTITY_MAX))
                .map(ProcessIdentity::life).orElse(Life.UNKNOWN);
        if (words.get(base + HOME) != home || !LifeSign.isName(life)) {
            return process != Life.DEAD;
        }
        Life sign = LifeSign.check(life);
        // A missing file may have been removed by a person: only a process that is gone, too, is dead.
        return sign == Life.ALIVE || process == Life.ALIVE || sign == Life.UNKNOWN && process == Life.UNKNOWN;
    }

    @Override
    public String describe(int number) {
        int where = find(number);
        Optional<ProcessIdentity> who = where < 0 ? Optional.empty()
                : ProcessIdentity.parse(text(member(where), IDENTITY_LENGTH, IDENTITY, IDENTITY_MAX));
        return who.map(process -> "pid " + process.pid()).orElse("somebody who has gone");
    }

    @Override
    public int count() {
        int living = 0;
        for (int i = 0; i < MEMBER_COUNT; i++) {
            if (isAttached(words.get(member(i) + PRESENCE)) && lives(member(i))) {
                living++;
            }
        }
        return living;
    }

    private String text(int base, int lengthField, int field, int max) {
        ByteBuffer memory = words.memory();
        int length = Math.max(0, Math.min(memory.getInt(base + lengthField), max));
        byte[] bytes = new byte[length];
        memory.get(base + field, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private void putText(int base, int lengthField, int field, int max, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length > max) {
            throw new IllegalStateException(text + " has " + bytes.length + " bytes, " + max + " are provided for");
        }
        words.memory().put(base + field, bytes);
        words.memory().putInt(base + lengthField, bytes.length);
    }
}
