package org.jvmipc.mq.internal.persistent;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.Address;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.MessageLink;
import org.jvmipc.spi.OptionValues;

/**
 * Several queues that stand for the priorities of one: directories {@code lane-0}, the lowest, and so on, in the
 * queue's. They have a bell in common, so that a receiver sleeps for all of them at once.
 */
final class Lanes {
    private static final String PREFIX = "lane-";

    private Lanes() {
    }

    static Path directory(Path queue, int lane) {
        return queue.resolve(PREFIX + lane);
    }

    /** How many there are in a directory, 0 if it has no lanes. */
    static int count(Path queue) {
        int count = 0;
        while (Files.isDirectory(directory(queue, count))) {
            count++;
        }
        return count;
    }

    /** Refuses to take a queue with lanes for one without. */
    static void refuse(String channel, Path queue) {
        int found = count(queue);
        if (found > 0) {
            throw differs(channel, queue, found, 1);
        }
    }

    private static IncompatibleChannelException differs(String channel, Path queue, int found, int wanted) {
        return new IncompatibleChannelException(channel + ": the queue in " + queue + " has lanes=" + found
                + ", wanted is lanes=" + wanted + "; give all ends the same");
    }

    static Link open(Address address, Path queue, OptionValues values, int lanes, boolean sends) {
        String channel = address.toString();
        int found = count(queue);
        if (found != 0 && found != lanes || found == 0 && Store.isThere(queue)) {
            throw differs(channel, queue, Math.max(1, found), lanes);
        }
        if (found == 0 && values.text("open").equals("attach")) {
            throw Store.absent(channel, queue);
        }
        prepare(channel, queue, lanes);
        QueueState bell = QueueState.open(queue);
        List<AutoCloseable> opened = new ArrayList<>();
        boolean done = false;
        try {
            MessageLink link = sends ? new MessageLink(address, out(channel, queue, values, bell, opened), null, null)
                    : new MessageLink(address, null, in(channel, queue, values, bell, opened), null);
            done = true;
            return link;
        } finally {
            if (!done) {
                closeAll(opened);
                bell.close();
            }
        }
    }

    /** Makes the directories, the lowest lane's last: so others count none or all, also if this process dies. */
    private static void prepare(String channel, Path queue, int lanes) {
        Store.prepare(channel, queue);
        for (int lane = lanes - 1; lane >= 0; lane--) {
            Store.prepare(channel, directory(queue, lane));
        }
        int found = count(queue);
        if (found != lanes) {
            throw differs(channel, queue, found, lanes);
        }
    }

    private static LanesOut out(String channel, Path queue, OptionValues values, QueueState bell,
            List<AutoCloseable> opened) {
        QueueOut[] outs = new QueueOut[Math.toIntExact(values.size("lanes"))];
        for (int lane = 0; lane < outs.length; lane++) {
            outs[lane] = QueueOpener.sender(channel, directory(queue, lane), values, bell);
            opened.add(outs[lane]::close);
        }
        return new LanesOut(outs, bell, Math.toIntExact(values.size("priority")));
    }

    private static LanesIn in(String channel, Path queue, OptionValues values, QueueState bell,
            List<AutoCloseable> opened) {
        QueueIn[] ins = new QueueIn[Math.toIntExact(values.size("lanes"))];
        for (int lane = 0; lane < ins.length; lane++) {
            ins[lane] = QueueOpener.receiver(channel, directory(queue, lane), values);
            opened.add(ins[lane]::close);
        }
        return new LanesIn(ins, bell);
    }

    private static void closeAll(List<AutoCloseable> opened) {
        for (AutoCloseable end : opened) {
            try {
                end.close();
            } catch (Exception refused) {
                throw new IllegalStateException(refused);
            }
        }
    }
}
