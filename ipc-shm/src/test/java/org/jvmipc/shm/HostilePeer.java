package org.jvmipc.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.jvmipc.Ipc;
import org.jvmipc.IpcException;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/**
 * Opens and uses a segment again and again that was changed while nobody had it open, so that its own end, if it comes,
 * can be seen from outside. Or uses one that another process writes to all
 * the time, {@code kind} being {@code live} and {@code runs} the milliseconds. It is told by lines:
 * {@code kind address file seed runs handle}.
 */
final class HostilePeer implements Peer {
    private static final int LARGEST = 500;

    @Override
    public void run(PeerContext context) throws Exception {
        context.say("ready");
        for (String line = context.hear(); !line.equals("end"); line = context.hear()) {
            String[] word = line.split(" ");
            Path file = Path.of(word[2]);
            if (word[0].equals("live")) {
                live(context, word[1], Path.of(word[2]), new Random(Long.parseLong(word[3])), Long.parseLong(word[4]));
                continue;
            }
            new Campaign(context, word[0], word[1], file, Long.parseLong(word[5]))
                    .run(new Random(Long.parseLong(word[3])), Integer.parseInt(word[4]));
        }
    }

    /** Uses a ring while another process writes to it, and a new one each time that something was noticed. */
    private static void live(PeerContext context, String address, Path file, Random random, long millis)
            throws Exception {
        // What is loaded with the first channel takes as long as a short run.
        Ipc.sender(address + "&wait=block").close();
        long end = System.nanoTime() + millis * 1_000_000;
        int noticed = 0;
        while (end - System.nanoTime() > 0) {
            String waiting = address + "&wait=" + (random.nextBoolean() ? "block" : "adaptive");
            try (Sender sender = Ipc.sender(waiting); Receiver receiver = Ipc.receiver(waiting)) {
                context.say("open");
                context.hear();
                while (end - System.nanoTime() > 0) {
                    use(sender, receiver, random);
                }
            } catch (IpcException expected) {
                noticed++;
            }
            Files.deleteIfExists(file);
            context.say("over");
            context.hear();
        }
        context.say("survived, noticed " + noticed);
    }

    /** The receiver may see an end; the sender is told then that its peer has gone. */
    private static void use(Sender sender, Receiver receiver, Random random) throws InterruptedException {
        ByteBuffer message = ByteBuffer.allocate(random.nextInt(LARGEST));
        try {
            if (random.nextInt(50) == 0) {
                sender.send(message, Duration.ofMillis(1));
            } else {
                sender.trySend(message);
            }
        } catch (IpcTimeoutException full) {
            receiver.status();
        }
        sender.status();
        if (random.nextInt(50) == 0) {
            receiver.receive(Duration.ofMillis(1));
        }
        receiver.poll(HostilePeer::look, 5);
    }

    private static void look(ByteBuffer message) {
        if (message.remaining() > 1 << 12) {
            throw new AssertionError("a message of " + message.remaining() + " bytes of 4 KiB");
        }
        touch(message);
    }

    /** Reads all of it. */
    private static void touch(ByteBuffer bytes) {
        int sum = 0;
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            sum += bytes.get(i);
        }
        if (sum == Integer.MIN_VALUE) {
            throw new AssertionError("so many bytes cannot be");
        }
    }

    /** Many changes of one segment. */
    private static final class Campaign {
        private final PeerContext context;
        private final String kind;
        private final String address;
        private final Path file;
        private final long handle;
        private final byte[] good;
        private int refused;
        private int used;

        Campaign(PeerContext context, String kind, String address, Path file, long handle) throws IOException {
            this.context = context;
            this.kind = kind;
            this.address = address;
            this.file = file;
            this.handle = handle;
            this.good = Files.readAllBytes(file);
        }

        void run(Random random, int runs) throws Exception {
            for (int run = 0; run < runs; run++) {
                if (run % 100 == 0) {
                    context.say(kind + " at " + run);
                }
                byte[] bad = run == 0 ? good : changed(random);
                Files.deleteIfExists(file);
                Files.createFile(file,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.write(file, bad);
                try {
                    use(random);
                    used++;
                } catch (IpcException expected) {
                    refused++;
                    if (run == 0) {
                        throw expected;
                    }
                }
            }
            Files.deleteIfExists(file);
            context.say(kind + " refused " + refused + " used " + used);
        }

        private byte[] changed(Random random) {
            byte[] bad = good.clone();
            ByteBuffer words = ByteBuffer.wrap(bad).order(ByteOrder.nativeOrder());
            for (int i = 0; i <= random.nextInt(4); i++) {
                // What matters most stands in the first bytes, and in what follows the header page.
                int at = switch (random.nextInt(4)) {
                    case 0 -> random.nextInt(96);
                    case 1 -> random.nextInt(Math.min(bad.length, 1 << 14));
                    default -> random.nextInt(bad.length);
                };
                int word = Math.min(at, bad.length - 8) & -8;
                switch (random.nextInt(5)) {
                    case 0 -> bad[at] ^= (byte) (1 << random.nextInt(8));
                    case 1 -> bad[at] = (byte) random.nextInt();
                    case 2 -> words.putLong(word, words.getLong(word) + 8L * (random.nextInt(9) - 4));
                    case 3 -> words.putLong(word, words.getLong(random.nextInt(bad.length / 8) * 8));
                    default -> words.putLong(word, new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE,
                        1L << 32, -8, random.nextLong()}[random.nextInt(7)]);
                }
            }
            return random.nextInt(10) > 0 ? bad : Arrays.copyOf(bad, random.nextInt(2 * bad.length));
        }

        private void use(Random random) throws Exception {
            switch (kind) {
                case "ring" -> useRing(random);
                case "segment" -> useSegment();
                case "pool" -> usePool(random);
                default -> HostileSync.use(kind, file);
            }
        }

        private void useRing(Random random) {
            try (Receiver receiver = Ipc.receiver(address); Sender sender = Ipc.sender(address)) {
                for (int i = 0; i < 4; i++) {
                    receiver.poll(HostilePeer::look, 8);
                    sender.trySend(ByteBuffer.allocate(random.nextInt(LARGEST)));
                    sender.status();
                    receiver.status();
                }
            }
        }

        private void useSegment() {
            try (SharedSegment segment = SharedSegment.file(file).openOrCreate(HostileSegmentTest.SEGMENT)) {
                segment.longAt(0).addAndGet(1);
                segment.intAt(segment.size() - 4).set(7);
                touch(segment.buffer());
                segment.participants();
                SegmentLister.look(new FileBacking(file));
            }
        }

        private void usePool(Random random) {
            try (SharedPool pool = HostileSegmentTest.pool(file).openOrCreate()) {
                pool.status();
                for (int i = 0; i < 4; i++) {
                    PoolBlock block = pool.tryLoan(1 + random.nextInt(HostileSegmentTest.BLOCK));
                    if (block != null) {
                        touch(block.buffer());
                        block.buffer().put(0, (byte) 1);
                        touch(pool.take(block.handOver()).buffer());
                    }
                }
                pool.reclaim();
                touch(pool.take(handle).buffer());
            } catch (IllegalStateException robbed) {
                if (!robbed.getMessage().contains("is not this process's any more")) {
                    throw robbed;
                }
                refused++;
            }
        }
    }
}
