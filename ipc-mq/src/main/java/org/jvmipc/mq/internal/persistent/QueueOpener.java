package org.jvmipc.mq.internal.persistent;

import java.nio.file.Path;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.mq.internal.group.Group;
import org.jvmipc.mq.internal.group.GroupIn;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.MessageLink;
import org.jvmipc.spi.OpenRequest;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Role;

/** Opens the ends of a queue. Names classes of Chronicle, and so is apart from the provider. */
final class QueueOpener {
    private QueueOpener() {
    }

    static Link open(OpenRequest request, Path directory) {
        Address address = request.address();
        OptionValues values = request.values();
        int lanes = Math.toIntExact(values.size("lanes"));
        boolean sends = request.role() == Role.SENDER;
        if (lanes > 1) {
            return Lanes.open(address, directory, values, lanes, sends);
        }
        Lanes.refuse(address.toString(), directory);
        if (!sends && GroupOptions.wantsGroup(values)) {
            return new MessageLink(address, null, new GroupIn(group(address.toString(), directory, values)), null);
        }
        return sends ? new MessageLink(address, sender(address.toString(), directory, values, null), null, null)
                : new MessageLink(address, null, receiver(address.toString(), directory, values), null);
    }

    private static Store store(String channel, Path directory, OptionValues values) {
        return Store.open(channel, directory, values.text("open"), values.text("rollCycle"));
    }

    /** What sends to one queue; the bell is its own if none is given. */
    static QueueOut sender(String channel, Path directory, OptionValues values, QueueState bell) {
        return sender(store(channel, directory, values), values, bell);
    }

    /** What sends to a queue that is open, and closes it. */
    static QueueOut sender(Store store, OptionValues values, QueueState bell) {
        boolean done = false;
        try {
            QueueOut out = new QueueOut(store, new LogWriter(store), bell == null ? store.state() : bell,
                    new Syncing(store.channel(), store.files()::sync, values), Retention.of(values)::rolled, values);
            done = true;
            return out;
        } finally {
            if (!done) {
                store.close();
            }
        }
    }

    static QueueIn receiver(String channel, Path directory, OptionValues values) {
        return receiver(store(channel, directory, values), values);
    }

    /** What receives from a queue that is open, and closes it. */
    static QueueIn receiver(Store store, OptionValues values) {
        boolean done = false;
        LogReader reader = null;
        try {
            LogReader made = new LogReader(store);
            reader = made;
            Start start = Start.parse(values.text("start"));
            CursorFile cursor = CursorFile.take(store.channel(), store.directory(), values.text("reader"),
                    () -> begin(store, made, start));
            cursor.clamp(store.state().next());
            QueueIn in = new QueueIn(store, made, cursor, values.text("delivery").equals("at-most-once"));
            done = true;
            return in;
        } finally {
            if (!done) {
                if (reader != null) {
                    reader.close();
                }
                store.close();
            }
        }
    }

    /** A consumer of a group. */
    static Group group(String channel, Path directory, OptionValues values) {
        Store store = store(channel, directory, values);
        LogReader reader = null;
        QueueDeadLetters deadLetters = null;
        boolean done = false;
        try {
            LogReader made = new LogReader(store);
            reader = made;
            Path dead = GroupOptions.deadLetters(values);
            deadLetters = dead == null ? null
                    // Whatever the group gets must find its way there.
                    : new QueueDeadLetters(Ipc.sender(Address.of("queue", dead.toString())
                            .with("maxMessage", PersistentQueueProvider.LARGEST)));
            Start start = Start.parse(values.text("start"));
            Group group = Group.open(GroupOptions.settings(directory, values), new StoreLog(store, made), deadLetters,
                    () -> begin(store, made, start));
            done = true;
            return group;
        } finally {
            if (!done) {
                if (deadLetters != null) {
                    deadLetters.close();
                }
                if (reader != null) {
                    reader.close();
                }
                store.close();
            }
        }
    }

    private static long begin(Store store, LogReader reader, Start start) {
        return switch (start.place()) {
            case START -> reader.first();
            case END -> store.state().next();
            case INDEX -> start.value();
            case TIME -> reader.firstSince(start.value());
        };
    }
}
