package org.jvmipc.process.internal;

import java.util.List;
import java.util.Map;
import org.jvmipc.Address;

/**
 * A channel of a group, with everything settled.
 *
 * @param place its place on the {@link Board}
 * @param join what was declared
 * @param senders the processes that send
 * @param receivers the processes that receive
 * @param sends the address to send to
 * @param receives the address to receive from
 * @param held whether the group itself has to hold the channel, as it would go with the last process that uses it
 */
record Wire(int place, Join join, List<String> senders, List<String> receivers, Address sends, Address receives,
        boolean held) {
    private static final List<String> OURS = List.of("open", "keep", "peerDeath", "producers", "consumers", "reader");

    /** Settles a channel of a group that is running under a name of its own. */
    static Wire of(int place, Join join, Map<String, List<String>> processes, String running) {
        List<String> senders = processes.get(join.from());
        List<String> receivers = processes.get(join.to());
        Address address = join.address();
        for (String option : OURS) {
            if (address.options().containsKey(option)) {
                throw new IllegalArgumentException(
                        join + ": option " + option + " is the group's to set; leave it out");
            }
        }
        if (address.name().isEmpty() && !List.of("shm", "posixmq").contains(address.scheme())) {
            throw new IllegalArgumentException(join + ": give a name behind \"" + address.scheme()
                    + ":\"; the group makes names for shm: and posixmq: only");
        }
        if (address.name().isEmpty()) {
            address = address.withName(running + "-" + place);
        }
        return switch (address.scheme()) {
            case "shm" -> ring(place, join, senders, receivers, address);
            case "queue" -> {
                if (receivers.size() > 1) {
                    throw new IllegalArgumentException(join + ": each reader of a queue gets all messages, and "
                            + receivers.size() + " processes " + join.to() + " would do all work as often; take shm:, "
                            + "or have one process receive");
                }
                yield new Wire(place, join, senders, receivers, address, address.with("reader", receivers.get(0)),
                        false);
            }
            case "posixmq", "sysvmq" -> new Wire(place, join, senders, receivers, address, address, true);
            default -> throw new IllegalArgumentException(join + ": what is on its way in " + address.scheme()
                    + ": goes with a process that dies, so that no other can go on with it; take shm:, queue:, "
                    + "posixmq: or sysvmq:");
        };
    }

    private static Wire ring(int place, Join join, List<String> senders, List<String> receivers, Address address) {
        String ring = address.options().getOrDefault("ring", receivers.size() > 1 ? "mpmc" : "mpsc");
        if (!ring.equals("mpmc") && !ring.equals("mpsc")) {
            throw new IllegalArgumentException(join + ": ring=" + ring + " has room for one sender, and the group has "
                    + "to hold the channel as another one, so that nothing is lost with a process; leave out ring=");
        }
        if (ring.equals("mpsc") && receivers.size() > 1) {
            throw new IllegalArgumentException(join + ": ring=mpsc is for one receiver, and there are "
                    + receivers.size() + "; leave out ring=, or take ring=mpmc");
        }
        // Not one place more, so that a process that is started again goes on in the place, and in the order, of the
        // one before it. With mpmc the order does not depend on the place.
        Address settled = address.with("ring", ring).with("producers", senders.size() + 1);
        if (ring.equals("mpmc")) {
            settled = settled.with("consumers", Math.min(63, 2 * receivers.size()));
        }
        return new Wire(place, join, senders, receivers, settled.with("peerDeath", "wait"), settled, true);
    }
}
