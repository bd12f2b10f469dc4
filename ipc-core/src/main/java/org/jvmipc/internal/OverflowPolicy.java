package org.jvmipc.internal;

import org.jvmipc.spi.OptionValues;

/** What a sender that would have to wait for room does. */
enum OverflowPolicy {
    BLOCK, FAIL, DROP_NEWEST, DROP_OLDEST;

    static OverflowPolicy of(OptionValues values) {
        return switch (values.overflow()) {
            case "fail" -> FAIL;
            case "dropNewest" -> DROP_NEWEST;
            case "dropOldest" -> DROP_OLDEST;
            default -> BLOCK;
        };
    }
}
