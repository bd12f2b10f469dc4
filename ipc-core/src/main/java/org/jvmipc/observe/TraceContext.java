package org.jvmipc.observe;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in a distributed trace a message was sent: the {@code traceparent} and {@code tracestate} of the W3C
 * recommendation <a href="https://www.w3.org/TR/trace-context/">Trace Context</a>, Level 1. It is carried as it is; who
 * makes spans of it, such as OpenTelemetry, is the program's choice. Immutable.
 *
 * @param traceIdHigh the first 8 bytes of the trace-id
 * @param traceIdLow its last 8 bytes; not both are 0
 * @param parentId the id of the caller's span; not 0
 * @param flags the trace-flags, 0 to 255; bit 0 says that the caller may have recorded
 * @param state the {@code tracestate} of up to 32 vendors, or an empty string
 */
public record TraceContext(long traceIdHigh, long traceIdLow, long parentId, int flags, String state) {
    /** The bit of {@link #flags} that says that the caller may have recorded. */
    public static final int SAMPLED = 1;

    private static final Pattern PARENT =
            Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
    private static final Pattern KEY = Pattern.compile(
            "[a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13}");
    private static final Pattern VALUE = Pattern.compile("[ -~&&[^,=]]{0,255}[!-~&&[^,=]]");
    private static final Pattern BLANKS = Pattern.compile("^[ \\t]+|[ \\t]+$");
    private static final int MOST_MEMBERS = 32;
    /** More than its members can have, but for blanks between them. */
    private static final int MOST_CHARACTERS = 20_000;

    /**
     * Checks the ids, the flags and the state.
     *
     * @param traceIdHigh the first 8 bytes of the trace-id
     * @param traceIdLow its last 8 bytes
     * @param parentId the id of the caller's span
     * @param flags the trace-flags
     * @param state the {@code tracestate}, or an empty string
     * @throws IllegalArgumentException if the recommendation does not allow them
     */
    public TraceContext {
        if (traceIdHigh == 0 && traceIdLow == 0) {
            throw new IllegalArgumentException("a trace-id of zeros is not valid; make a random one");
        }
        if (parentId == 0) {
            throw new IllegalArgumentException("a parent-id of zeros is not valid; make a random one");
        }
        if (flags < 0 || flags > 255) {
            throw new IllegalArgumentException("trace-flags are " + flags + ", allowed is 0 to 255");
        }
        if (!isState(state)) {
            throw new IllegalArgumentException("tracestate \"" + state + "\" is not valid: allowed are up to "
                    + MOST_MEMBERS + " members key=value with different keys, separated by commas");
        }
    }

    /**
     * Reads the two headers. A {@code tracestate} that is not valid is left out, as the recommendation wants it; of a
     * later version of {@code traceparent} is read what this one knows.
     *
     * @param traceparent such as {@code 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01}
     * @param tracestate such as {@code congo=t61rcWkgMzE}, or an empty string
     * @return the context
     * @throws IllegalArgumentException if the {@code traceparent} is not valid; who forwards it begins a new trace
     */
    public static TraceContext parse(String traceparent, String tracestate) {
        Objects.requireNonNull(tracestate, "tracestate");
        Matcher parts = PARENT.matcher(traceparent);
        boolean valid = parts.matches() && !parts.group(1).equals("ff")
                && (parts.group(5) == null || !parts.group(1).equals("00"));
        if (!valid) {
            throw new IllegalArgumentException("traceparent \"" + traceparent + "\" is not valid: wanted are a version "
                    + "other than ff, a trace-id of 32, a parent-id of 16 and flags of 2 hexadecimal digits in lower "
                    + "case, with - between them");
        }
        String id = parts.group(2);
        return new TraceContext(
                Long.parseUnsignedLong(id.substring(0, 16), 16),
                Long.parseUnsignedLong(id.substring(16), 16),
                Long.parseUnsignedLong(parts.group(3), 16),
                Integer.parseInt(parts.group(4), 16),
                isState(tracestate) ? tracestate : "");
    }

    private static boolean isState(String state) {
        if (state.isEmpty() || state.length() > MOST_CHARACTERS) {
            return state.isEmpty();
        }
        Set<String> keys = new HashSet<>();
        String[] members = state.split(",", -1);
        for (String member : members) {
            String trimmed = BLANKS.matcher(member).replaceAll("");
            int equals = trimmed.indexOf('=');
            // Members may be empty.
            boolean valid = trimmed.isEmpty() || equals > 0 && KEY.matcher(trimmed.substring(0, equals)).matches()
                    && VALUE.matcher(trimmed.substring(equals + 1)).matches() && keys.add(trimmed.substring(0, equals));
            if (!valid) {
                return false;
            }
        }
        return members.length <= MOST_MEMBERS;
    }

    /**
     * Writes the header {@code traceparent}, in version 00.
     *
     * @return 55 characters
     */
    public String traceparent() {
        return String.format("00-%016x%016x-%016x-%02x", traceIdHigh, traceIdLow, parentId, flags);
    }
}
