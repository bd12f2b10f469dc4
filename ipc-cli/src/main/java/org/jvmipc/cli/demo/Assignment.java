package org.jvmipc.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jvmipc.Address;
import org.jvmipc.mq.PosixQueues;
import org.jvmipc.mq.SysvQueues;

/**
 * What a producer is to do, as it goes through its command line.
 *
 * @param stream whether the channels carry bytes; else messages
 * @param way how both directions are made
 * @param load how much
 * @param oneWay the channel to send through
 * @param roundTrip the address of a connection for round trips, or of two channels, there and back
 * @param workspace the directory of the run
 * @param owner the process that removes it in the end
 */
record Assignment(boolean stream, Way way, Load load, String oneWay, List<String> roundTrip, Path workspace,
        long owner) {
    private static final long OWNER_DIES_NANOS = TimeUnit.SECONDS.toNanos(1);

    static Assignment of(Variant variant, Load load, Workspace workspace, String row) {
        int size = load.size();
        String oneWay = variant.address(workspace, row + "-one", size);
        List<String> roundTrip = variant.way() == Way.PAIR
                ? List.of(variant.address(workspace, row + "-there", size),
                        variant.address(workspace, row + "-back", size))
                : List.of(variant.address(workspace, row + "-both", size));
        return new Assignment(variant.stream(), variant.way(), load, oneWay, roundTrip, workspace.directory(),
                ProcessHandle.current().pid());
    }

    List<String> toArguments() {
        return List.of(String.valueOf(stream), way.name(),
                String.valueOf(load.size()), String.valueOf(load.messages()),
                String.valueOf(load.sending().toNanos()), String.valueOf(load.roundTrips().toNanos()),
                oneWay, String.join(" ", roundTrip), workspace.toString(), String.valueOf(owner));
    }

    /** Removes what the system keeps of the row when its processes were killed. */
    void removeQueues() {
        Stream.concat(Stream.of(oneWay), roundTrip.stream()).map(Address::parse).forEach(address -> {
            switch (address.scheme()) {
                case "posixmq" -> PosixQueues.remove(address.name());
                case "sysvmq" -> SysvQueues.remove(Integer.parseInt(address.name()));
                default -> {
                    // The others are files.
                }
            }
        });
    }

    /**
     * Removes all files of the run, if nobody else is there to do so. A process that dies closes its files, by which
     * its children know of it, a moment before it is gone.
     */
    void removeOrphanedFiles() {
        if (!Processes.awaitGone(owner, OWNER_DIES_NANOS)) {
            return;
        }
        try {
            Workspace.at(workspace).remove();
        } catch (IOException e) {
            e.printStackTrace();
        } finally {
            removeQueues();
        }
    }

    static Assignment parse(String[] arguments) {
        Load load = new Load(Integer.parseInt(arguments[2]), Long.parseLong(arguments[3]),
                Duration.ofNanos(Long.parseLong(arguments[4])), Duration.ofNanos(Long.parseLong(arguments[5])));
        return new Assignment(Boolean.parseBoolean(arguments[0]), Way.valueOf(arguments[1]), load, arguments[6],
                List.of(arguments[7].split(" ")), Path.of(arguments[8]), Long.parseLong(arguments[9]));
    }
}
