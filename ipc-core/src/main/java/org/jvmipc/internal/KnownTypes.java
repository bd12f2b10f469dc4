package org.jvmipc.internal;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the hashes of types stand for, as far as this process has opened channels of them or was told by a peer. For
 * messages to people alone: nothing is decided by it.
 */
public final class KnownTypes {
    /** More are not worth their memory; peers could name any number. */
    private static final int MAX = 1024;
    private static final Pattern HASH = Pattern.compile("\\b[1-9a-f][0-9a-f]{3,15}\\b");
    private static final Pattern UNPRINTABLE = Pattern.compile("\\p{Cntrl}");
    private static final Map<Long, String> DESCRIPTIONS = new ConcurrentHashMap<>();

    private KnownTypes() {
    }

    static void remember(long hash, String description) {
        if (hash != 0 && !description.isEmpty() && DESCRIPTIONS.size() < MAX) {
            DESCRIPTIONS.putIfAbsent(hash, UNPRINTABLE.matcher(description).replaceAll("?"));
        }
    }

    /** The description, or an empty string. */
    public static String describe(long hash) {
        return DESCRIPTIONS.getOrDefault(hash, "");
    }

    /** A message with what the hashes in it stand for. */
    static String explain(String message) {
        Set<String> hashes = new LinkedHashSet<>();
        for (Matcher matcher = HASH.matcher(message); matcher.find(); ) {
            hashes.add(matcher.group());
        }
        StringBuilder explained = new StringBuilder(message);
        for (String hash : hashes) {
            String description = describe(Long.parseUnsignedLong(hash, 16));
            if (!description.isEmpty()) {
                explained.append("; ").append(hash).append(" is ").append(description);
            }
        }
        return explained.toString();
    }
}
