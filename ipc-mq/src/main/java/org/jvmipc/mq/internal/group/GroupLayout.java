package org.jvmipc.mq.internal.group;

import java.nio.charset.StandardCharsets;

/**
 * Where what stands in the file of a group, byte by byte; {@code docs/formats/group.md} tells the same and a test
 * compares them. All numbers are in native byte order. What is written by different hands stands 128 bytes apart.
 */
final class GroupLayout {
    static final byte[] MAGIC_BYTES = "JVMIPCGR".getBytes(StandardCharsets.US_ASCII);
    static final int VERSION = 2;
    static final long BYTE_ORDER_MARK = 0x0102030405060708L;
    static final int STATE_READY = 1;

    // Constant once ready, but for the boot.
    static final int MAGIC = 0;
    static final int LAYOUT_VERSION = 8;
    static final int WINDOW = 12;
    static final int BYTE_ORDER = 16;
    static final int FILE_SIZE = 24;
    static final int BOOT = 32;
    /** Written last of all by the creator. */
    static final int STATE = 48;

    static final int LOCK = 128;
    static final int LOCK_SEQUENCE = 136;
    static final int LOCK_ANNOUNCEMENT = 140;

    static final int NEXT = 256;
    static final int COMMITTED = 264;
    static final int LIMIT = 272;

    // Counts, for people.
    static final int DELIVERED = 384;
    static final int REDELIVERED = 392;
    static final int BURIED = 400;
    static final int LOST = 408;

    /** Changed, without the lock, when somebody had better look. */
    static final int RINGS = 512;

    // Who takes part.
    static final int MEMBERS = 1024;
    static final int MEMBER_COUNT = 120;
    static final int MEMBER_SIZE = 256;

    // Within a member.
    static final int PRESENCE = 0;
    static final int HOME = 8;
    static final int LIFE_LENGTH = 16;
    static final int IDENTITY_LENGTH = 20;
    static final int LIFE = 24;
    static final int LIFE_MAX = 56;
    static final int IDENTITY = 80;
    static final int IDENTITY_MAX = 176;

    // What is in flight.
    static final int ENTRIES = 32_768;
    static final int ENTRY_SIZE = 32;

    // Within an entry.
    static final int WORD = 0;
    static final int INDEX = 8;
    static final int DUE = 16;

    // States of an entry, in the lowest byte of its word; 0 is an empty one.
    static final int READY = 1;
    static final int CLAIMED = 2;
    static final int MOVING = 3;
    static final int DELIVERIES_SHIFT = 8;
    static final int DELIVERIES_MAX = (1 << 24) - 1;
    static final int OWNER_SHIFT = 32;

    static final int MIN_WINDOW = 1;
    static final int MAX_WINDOW = 65_536;

    private GroupLayout() {
    }

    static int member(int place) {
        return MEMBERS + place * MEMBER_SIZE;
    }

    static int entry(int place) {
        return ENTRIES + place * ENTRY_SIZE;
    }

    static int fileSize(int window) {
        return entry(window);
    }

    static long word(int state, int deliveries, int owner) {
        return (long) owner << OWNER_SHIFT | (long) deliveries << DELIVERIES_SHIFT | state;
    }

    static int state(long word) {
        return (int) (word & 0xff);
    }

    static int deliveries(long word) {
        return (int) (word >>> DELIVERIES_SHIFT) & DELIVERIES_MAX;
    }

    static int owner(long word) {
        return (int) (word >>> OWNER_SHIFT);
    }
}
