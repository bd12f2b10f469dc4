package org.jvmipc.pipes.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.MemoryCalls;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.PollCalls;
import org.jvmipc.spi.PauseReadiness;
import org.jvmipc.spi.Readiness;

/**
 * Connects to a {@link FifoListener}: makes two FIFOs of its own beside the listener's, {@code .there} towards it and
 * {@code .back} from it, opens its ends, and writes their name to the listener's. When the listener has opened the
 * others they are a connection, and it removes their names; so the answer is seen also by one who looks when the
 * connection has ended already.
 */
final class FifoConnector implements Origin {
    /** What the name of the FIFO ends with that is there as long as a request is: made first, removed last. */
    static final String BACK = ".back";

    private final String channel;
    private final Path path;
    private final FifoFile listener;
    private final FifoFile.Policy own;
    private final PauseReadiness pending = new PauseReadiness();
    private Request request;

    /** What was asked of a listener, and where it will answer. */
    private record Request(Fd asked, Fd in, Fd out, FifoFile there, FifoFile back) {
        boolean isAnswered() {
            if (!isBroken(out)) {
                return true;
            }
            if (!there.isOrphan(out)) {
                return false;
            }
            // Whoever answered does not read, and may not write any more either.
            PipeWire.noticeEnd(in);
            return true;
        }

        void withdraw() {
            there.remove();
            back.remove();
            asked.close();
        }
    }

    /**
     * Creates it; nothing is touched.
     *
     * @param channel the address, for messages
     * @param path the listener's FIFO
     * @param listener the same
     * @param capacity what the pipes are to hold in bytes, or 0 for what they do
     */
    FifoConnector(String channel, Path path, FifoFile listener, int capacity) {
        this.channel = channel;
        this.path = path;
        this.listener = listener;
        this.own = new FifoFile.Policy("create", true, false, capacity);
    }

    /** The FIFOs of a connection. */
    static FifoFile there(String channel, Path path, String token, FifoFile.Policy policy) {
        return new FifoFile(channel, path.resolveSibling(path.getFileName() + "." + token + ".there"), policy);
    }

    static FifoFile back(String channel, Path path, String token, FifoFile.Policy policy) {
        return new FifoFile(channel, path.resolveSibling(path.getFileName() + "." + token + BACK), policy);
    }

    @Override
    public synchronized Wire next() {
        if (request == null) {
            request = ask();
        }
        if (request == null) {
            return null;
        }
        // Looked at first: a listener that has left may have answered just before, and then there is a connection.
        boolean broken = isBroken(request.asked());
        if (request.isAnswered()) {
            request.withdraw();
            Wire wire = new PipeWire(request.in(), request.out(), Fd::close);
            request = null;
            pending.reset();
            return wire;
        }
        if (broken) {
            dismiss();
        }
        return null;
    }

    private Request ask() {
        Fd asked = listener.openOnce(FileCalls.O_WRONLY);
        if (asked == null) {
            return null;
        }
        String token = String.format(Locale.ROOT, "%d-%016x",
                ProcessHandle.current().pid(), ThreadLocalRandom.current().nextLong());
        FifoFile there = there(channel, path, token, own);
        FifoFile back = back(channel, path, token, own);
        boolean done = false;
        Fd in = null;
        Fd out = null;
        // A FIFO can be opened for writing only while somebody reads.
        Fd reader = null;
        try {
            in = back.openOnce(FileCalls.O_RDONLY);
            reader = there.openOnce(FileCalls.O_RDONLY);
            out = there.openOnce(FileCalls.O_WRONLY);
            reader.close();
            ByteBuffer line = ByteBuffer.wrap((token + "\n").getBytes(StandardCharsets.US_ASCII));
            done = write(asked, line) == line.limit();
        } finally {
            if (!done) {
                there.remove();
                back.remove();
                OfferedPipes.closeAll(asked, reader, in, out);
            }
        }
        return done ? new Request(asked, in, out, there, back) : null;
    }

    private static int write(Fd asked, ByteBuffer line) {
        try {
            return asked.write(line);
        } catch (NativeCallException listenerGone) {
            return 0;
        }
    }

    /** Whether nobody reads any more what was written. */
    private static boolean isBroken(Fd fd) {
        ByteBuffer poll = ByteBuffer.allocateDirect(24).order(ByteOrder.nativeOrder());
        int number = fd.acquire();
        if (number == Fd.CLOSED) {
            return true;
        }
        try {
            poll.putInt(0, number);
            long address = MemoryCalls.address(poll);
            return PollCalls.poll(address, 1, address + 8) > 0 && (poll.getShort(6) & PollCalls.POLLERR) != 0;
        } finally {
            fd.release();
        }
    }

    private void dismiss() {
        if (request != null) {
            request.withdraw();
            OfferedPipes.closeAll(request.in(), request.out());
            request = null;
        }
    }

    @Override
    public Readiness pending() {
        return pending;
    }

    @Override
    public synchronized void close() {
        dismiss();
    }
}
