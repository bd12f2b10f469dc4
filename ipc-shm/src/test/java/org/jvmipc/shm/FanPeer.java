package org.jvmipc.shm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;
import org.jvmipc.Claim;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** One of several processes on a ring; its first argument says what it does, its second one is an address. */
final class FanPeer implements Peer {
    private static final int LONGEST = 300;

    @Override
    public void run(PeerContext context) throws Exception {
        String address = context.arg(1);
        switch (context.arg(0)) {
            case "send" -> send(context, address, Integer.parseInt(context.arg(2)),
                    Integer.parseInt(context.arg(3)), Path.of(context.arg(4)));
            case "read" -> read(context, address);
            case "claim" -> claim(context, address);
            default -> throw new IllegalArgumentException(context.arg(0));
        }
    }

    /** A message of a length and content that follow from who sends it and from its number. */
    static ByteBuffer message(int who, int number) {
        return messageOf(who, number, 16 + number * 7 % (LONGEST - 16));
    }

    /** The same of a certain length, 16 or more. */
    static ByteBuffer messageOf(int who, int number, int length) {
        ByteBuffer message = ByteBuffer.allocate(length);
        message.putInt(who).putInt(number);
        while (message.remaining() > 8) {
            message.put((byte) (number * 31 + message.position()));
        }
        return message.putLong(sum(message.array(), message.position())).clear();
    }

    private static long sum(byte[] bytes, int length) {
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, length);
        return sum.getValue();
    }

    /** Checks a message to be one as above, whole, and tells its number. */
    static int number(ByteBuffer message, int who) {
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        ByteBuffer copy = ByteBuffer.wrap(bytes);
        int length = bytes.length - 8;
        if (length < 8 || copy.getLong(length) != sum(bytes, length) || copy.getInt(0) != who) {
            throw new AssertionError("a message of " + bytes.length + " bytes was damaged on its way from " + who);
        }
        return copy.getInt(4);
    }

    /** Where a process tells how far it has come, also if it is killed. */
    static ByteBuffer progress(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            MappedByteBuffer memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, 8);
            return memory.order(ByteOrder.nativeOrder());
        }
    }

    private static void send(PeerContext context, String address, int who, int count, Path file) throws Exception {
        ByteBuffer progress = progress(file);
        try (Sender sender = Ipc.sender(address)) {
            context.say("ready");
            context.hear();
            for (int number = 0; number < count; number++) {
                sender.send(message(who, number));
                progress.putLong(0, number + 1L);
            }
        }
        context.say("sent");
    }

    /** Reads to the end, and tells the first number and the one after the last. */
    private static void read(PeerContext context, String address) {
        try (Receiver receiver = Ipc.receiver(address)) {
            context.say("ready");
            int[] range = {-1, -1};
            int polled;
            do {
                polled = receiver.poll(message -> {
                    int number = number(message, 0);
                    if (range[0] < 0) {
                        range[0] = number;
                    } else if (number != range[1]) {
                        throw new AssertionError(number + " came instead of " + range[1]);
                    }
                    range[1] = number + 1;
                }, 64);
                if (polled == 0) {
                    Thread.yield();
                }
            } while (polled >= 0);
            context.say("read " + range[0] + " to " + range[1]);
        }
    }

    /** Sends one message and claims another, which it commits when it is told to go on, and then leaves. */
    private static void claim(PeerContext context, String address) throws InterruptedException {
        try (Sender sender = Ipc.sender(address)) {
            sender.send(message(9, 0));
            ByteBuffer second = message(9, 1);
            Claim claim = sender.tryClaim(second.remaining());
            claim.buffer().put(second);
            context.say("claimed");
            if (context.hear().equals("commit")) {
                claim.commit();
                context.say("committed");
                context.hear();
            }
        }
    }
}
