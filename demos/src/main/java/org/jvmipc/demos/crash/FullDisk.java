package org.jvmipc.demos.crash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jvmipc.Ipc;
import org.jvmipc.NoSpaceException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.demos.Demos;

/**
 * A process has a disk that is full: a file system of its own, 4 MiB in memory, that no other process sees and that
 * goes with it. Where users may not mount anything, not even in name spaces of their own, no file may grow beyond 512
 * KiB instead, which meets rings in files in the same way.
 */
final class FullDisk {
    private static final String MOUNT = "mount -t tmpfs -o size=4m tmpfs \"$0\" && exec \"$@\"";
    /** In blocks of 512 bytes. */
    private static final String LIMIT = "ulimit -f 1024 && exec \"$@\"";

    private FullDisk() {
    }

    static void show(Lab lab) throws Exception {
        String place = lab.directory().toString();
        List<List<String>> ways = List.of(List.of("unshare", "--mount", "sh", "-c", MOUNT, place),
                List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", MOUNT, place));
        List<String> command = new ArrayList<>();
        for (List<String> way : ways) {
            List<String> trial = new ArrayList<>(way);
            trial.add("true");
            if (command.isEmpty() && Processes.succeeds(trial)) {
                command.addAll(way);
            }
        }
        boolean mounts = !command.isEmpty();
        if (mounts) {
            Demos.say("  a process with a file system of 4 MiB that nobody else sees (%s)", command.get(0));
        } else {
            Demos.say("  file systems may not be mounted here: no disk is full, but no file of the process may grow"
                    + " beyond 512 KiB (ulimit -f)");
            command.addAll(List.of("sh", "-c", LIMIT, place));
        }
        command.addAll(Demos.command(List.of(), Filler.class, place, mounts));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        // In a name space of its own the process may seem to be another user's.
        builder.environment().put("IPC_HOME", Demos.directory().toString());
        Process filler = lab.started(builder.start());
        int exit = Lab.awaitEnd(filler);
        Lab.check(exit == 0, "the process ended with exit code " + exit);
    }

    /** The process that needs room. */
    static final class Filler {
        private static final int LENGTH = 10_000;
        private static final int BALLAST = 1 << 20;
        private static final int MOST = 1000;

        private Filler() {
        }

        /**
         * Fills the disk.
         *
         * @param args where, and whether there is a disk to be filled
         * @throws Exception whatever goes wrong
         */
        public static void main(String[] args) throws Exception {
            Path directory = Path.of(args[0]);
            fillByRings(directory);
            if (Boolean.parseBoolean(args[1])) {
                fillByMessages(directory);
            }
        }

        private static void fillByRings(Path directory) throws IOException {
            String ring = "shm:full?backing=file&dir=" + directory + "&capacity=";
            try {
                Ipc.sender(ring + "8m").close();
                throw new IllegalStateException("a ring of 8 MiB was made where there is no room for it");
            } catch (NoSpaceException full) {
                Lab.tell("a ring of 8 MiB", full);
            }
            try (Stream<Path> left = Files.list(directory)) {
                Lab.check(left.findAny().isEmpty(), "a part of the ring was left");
            }
            Ipc.sender(ring + "64k").close();
            Demos.say("  nothing of it was left; a ring of 64 KiB finds room");
        }

        private static void fillByMessages(Path directory) throws InterruptedException, IOException {
            Path ballast = Files.write(directory.resolve("ballast"), new byte[BALLAST]);
            String address = "queue:" + directory.resolve("queue");
            try (Sender sender = Ipc.sender(address); Receiver receiver = Ipc.receiver(address)) {
                int sent = 0;
                try {
                    for (; sent < MOST; sent++) {
                        sender.send(ByteBuffer.allocate(LENGTH));
                    }
                } catch (NoSpaceException full) {
                    Lab.tell("message " + (sent + 1) + " of a queue on disk", full);
                }
                Lab.check(sent > 0 && sent < MOST, sent + " messages fitted");
                for (int i = 0; i < sent; i++) {
                    Lab.check(receiver.receive(Lab.PATIENCE).isMessage(), "a message was lost");
                }
                Files.delete(ballast);
                sender.send(ByteBuffer.allocate(LENGTH));
                Lab.check(receiver.receive(Lab.PATIENCE).isMessage(), "a message was lost");
                Demos.say("  all %d messages were received; with 1 MiB of other files removed, the next one was sent,"
                        + " too", sent);
            }
        }
    }
}
