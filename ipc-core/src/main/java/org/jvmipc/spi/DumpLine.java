package org.jvmipc.spi;

import java.util.Map;

/**
 * One thing in a file: a header, a participant, a record.
 *
 * @param what such as {@code header} or {@code record}
 * @param at its offset in the file
 * @param fields what stands there, in order; numbers are {@link Number}s, other values texts
 * @param payload the beginning of a record's payload; empty if there is none
 * @param damage what is wrong with it; empty if nothing is
 */
public record DumpLine(String what, long at, Map<String, Object> fields, byte[] payload, String damage) {
}
