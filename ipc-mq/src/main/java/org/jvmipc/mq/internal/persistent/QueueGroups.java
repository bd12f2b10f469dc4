package org.jvmipc.mq.internal.persistent;

import java.nio.file.Path;
import org.jvmipc.Address;
import org.jvmipc.WaitStrategy;
import org.jvmipc.mq.internal.group.Group;
import org.jvmipc.posix.NativeLibrary;
import org.jvmipc.spi.OptionValues;

/** Opens consumers of groups by address, apart from channels. */
public final class QueueGroups {
    private QueueGroups() {
    }

    /**
     * A consumer, and how it is to be used.
     *
     * @param group the consumer
     * @param atMostOnce whether messages are done with when they are taken
     * @param strategy how it waits
     */
    public record Opened(Group group, boolean atMostOnce, WaitStrategy strategy) {
    }

    /**
     * Opens a consumer.
     *
     * @param text the address
     * @return the consumer
     * @throws IllegalArgumentException if it is none of a group
     */
    public static Opened open(String text) {
        Address address = Address.parse(text);
        PersistentQueueProvider provider = new PersistentQueueProvider();
        if (!address.scheme().equals(provider.scheme())) {
            throw new IllegalArgumentException(address + " is no queue on disk; consumers of groups take from queue:");
        }
        OptionValues values = provider.options().check(address);
        provider.checkName(address, values);
        if (!GroupOptions.wantsGroup(values)) {
            throw new IllegalArgumentException(address + " names no group; add group=NAME");
        }
        NativeLibrary.requireSupported();
        FlagsCheck.require();
        ChronicleSettings.apply();
        Path directory = PersistentQueueProvider.directory(address.name());
        Lanes.refuse(text, directory);
        Group group = QueueOpener.group(text, directory, values);
        return new Opened(group, GroupOptions.settings(directory, values).atMostOnce(), values.waitStrategy());
    }
}
