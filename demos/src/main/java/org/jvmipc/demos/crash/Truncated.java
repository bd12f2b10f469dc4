package org.jvmipc.demos.crash;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.SegmentCorruptedException;
import org.jvmipc.Sender;
import org.jvmipc.demos.Demos;
import org.jvmipc.shm.ShmChannels;
import org.jvmipc.shm.sync.SharedCountDownLatch;

/**
 * The file of a ring is cut off: noticed by whoever opens it; met by who has it mapped and comes to what is missing, as
 * an exception if its JVM can make one of it, else as its end; and impossible where memory is sealed.
 */
final class Truncated {
    private static final int CAPACITY = 64 << 10;
    private static final int LEFT = 8 << 10;

    private Truncated() {
    }

    static void show(Lab lab) throws Exception {
        whileNobodyHasIt(lab);
        whereItCannotBe(lab);
        whileSomebodyHasIt(lab);
    }

    private static void cutOff(Path file) throws IOException {
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
            opened.setLength(LEFT);
        }
    }

    private static Path only(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.findFirst().orElseThrow();
        }
    }

    private static void whileNobodyHasIt(Lab lab) throws IOException, InterruptedException {
        String address = "shm:cut?backing=file&dir=" + lab.directory() + "&capacity=" + CAPACITY;
        try (Sender sender = Ipc.sender(address + "&keep=true")) {
            sender.send(ByteBuffer.allocate(100));
        }
        Path file = only(lab.directory());
        cutOff(file);
        Demos.say("  a ring that was kept is cut off to %d bytes while nobody has it open", LEFT);
        try (Receiver receiver = Ipc.receiver(address)) {
            throw new IllegalStateException("it was opened: " + receiver);
        } catch (SegmentCorruptedException refused) {
            Lab.tell("open", refused);
        }
        Lab.check(Files.size(file) == LEFT, "it was changed");
        Files.delete(file);
    }

    private static void whereItCannotBe(Lab lab) {
        try (Sender sender = Ipc.sender("shm:" + lab.name("sealed") + "?backing=memfd")) {
            Path memory = Path.of("/proc/self/fd/" + ShmChannels.descriptor(sender));
            Demos.say("  a ring in a sealed memfd (backing=memfd)");
            try {
                cutOff(memory);
                throw new IllegalStateException("sealed memory was cut off");
            } catch (IOException sealed) {
                Lab.tell("to cut it off", sealed);
            }
        }
    }

    private static void whileSomebodyHasIt(Lab lab) throws Exception {
        try (SharedCountDownLatch ready = SharedCountDownLatch.named(lab.name("ready"), 1)) {
            // What a JVM writes of its own end would be of no use here.
            Process user = lab.started(new ProcessBuilder(Demos.command(List.of("-XX:+SuppressFatalErrorMessage"),
                    User.class, lab.directory(), lab.name("ready"))).inheritIO().start());
            Lab.check(ready.await(Lab.PATIENCE.toSeconds(), TimeUnit.SECONDS), "the process does not come");
            cutOff(only(lab.directory()));
            Demos.say("  a ring is cut off to %d bytes while process %d sends and receives by it", LEFT, user.pid());
            int exit = Lab.awaitEnd(user);
            Demos.say("  that process %s; so other programs must not write to these files, which are 0600",
                    exit == User.MET ? "has met it, and ended"
                            : "was ended by the kernel or its JVM, exit code " + exit);
            Lab.check(exit != 0, "nobody has noticed it");
        }
    }

    /** Has the ring mapped. */
    static final class User {
        private static final int MET = 3;
        private static final Duration AT_MOST = Duration.ofSeconds(10);

        private User() {
        }

        /**
         * Sends to itself, through all of the ring.
         *
         * @param args where it is, and how to tell that it is there
         * @throws Exception whatever else goes wrong
         */
        public static void main(String[] args) throws Exception {
            String address = "shm:used?backing=file&dir=" + args[0] + "&capacity=" + CAPACITY;
            long deadline = System.nanoTime() + AT_MOST.toNanos();
            Sender sender = Ipc.sender(address);
            Receiver receiver = Ipc.receiver(address);
            try (SharedCountDownLatch ready = SharedCountDownLatch.open(args[1])) {
                ready.countDown();
            }
            try {
                while (System.nanoTime() - deadline < 0) {
                    sender.send(ByteBuffer.allocate(1000));
                    receiver.receive();
                }
            } catch (InternalError | RuntimeException met) {
                Lab.tell("what it meets", met);
                // In an orderly way it cannot end: that would write to the memory once more.
                Runtime.getRuntime().halt(MET);
            }
        }
    }
}
