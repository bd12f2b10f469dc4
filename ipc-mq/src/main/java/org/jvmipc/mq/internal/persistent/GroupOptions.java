package org.jvmipc.mq.internal.persistent;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jvmipc.Address;
import org.jvmipc.mq.internal.group.GroupSettings;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Options;

/** What can be said of a group of consumers. */
final class GroupOptions {
    private static final String GROUP = "group";
    private static final String REDELIVER = "redeliver";
    private static final String DEAD_LETTER = "deadLetter";
    private static final String WINDOW = "window";
    private static final List<String> OF_GROUPS =
            List.of(REDELIVER, "redeliveryDelay", "ackTimeout", DEAD_LETTER, WINDOW);
    private static final long MOST_DELIVERIES = 1_000_000;

    private GroupOptions() {
    }

    static Options add(Options options) {
        return options
                .text(GROUP, "", CursorFile.NAME, "1 to 64 of A-Z a-z 0-9 . _ -, no dot in front")
                .size(REDELIVER, -1, 0, MOST_DELIVERIES)
                .duration("redeliveryDelay", Duration.ZERO)
                .duration("ackTimeout", Duration.ZERO)
                .text(DEAD_LETTER, "", Pattern.compile("/.*[^/].*"), "the absolute path of another queue's directory")
                .size(WINDOW, GroupSettings.WINDOW, 1, GroupSettings.MAX_WINDOW);
    }

    static boolean wantsGroup(OptionValues values) {
        return !values.text(GROUP).isEmpty();
    }

    static void check(Address address, OptionValues values) {
        if (!wantsGroup(values)) {
            for (String option : OF_GROUPS) {
                if (values.isGiven(option)) {
                    throw refused(address, option, "it needs a group; add " + GROUP + "=NAME, or leave it out");
                }
            }
            return;
        }
        if (!values.text("reader").isEmpty()) {
            throw refused(address, "reader", "the consumers of a group share the cursor of the group; leave it out");
        }
        if (values.size("lanes") > 1) {
            throw refused(address, "lanes", "a group takes from one queue; use a group for the queue of each priority");
        }
        boolean moves = !values.text(DEAD_LETTER).isEmpty();
        if (moves != values.size(REDELIVER) >= 0) {
            throw refused(address, moves ? DEAD_LETTER : REDELIVER, REDELIVER + "=N says how often a message is"
                    + " delivered again, and " + DEAD_LETTER + "=/DIRECTORY where it goes then; give both, or none");
        }
        if (moves && deadLetters(values).equals(PersistentQueueProvider.directory(address.name()))) {
            throw refused(address, DEAD_LETTER, "that is the queue itself; give another one");
        }
    }

    private static IllegalArgumentException refused(Address address, String option, String reason) {
        return new IllegalArgumentException("option " + option + "=" + address.options().get(option) + " of "
                + address.scheme() + ": is not allowed here: " + reason);
    }

    /** Where the dead letters go; null if there is no such place. */
    static Path deadLetters(OptionValues values) {
        String place = values.text(DEAD_LETTER);
        return place.isEmpty() ? null : PersistentQueueProvider.directory(place);
    }

    static GroupSettings settings(Path directory, OptionValues values) {
        return new GroupSettings(directory, values.text(GROUP), Math.toIntExact(values.size(WINDOW)),
                values.isGiven(WINDOW), Math.toIntExact(values.size(REDELIVER)), values.duration("redeliveryDelay"),
                values.duration("ackTimeout"), values.text("delivery").equals("at-most-once"));
    }
}
