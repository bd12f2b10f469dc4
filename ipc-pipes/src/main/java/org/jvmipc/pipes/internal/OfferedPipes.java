package org.jvmipc.pipes.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FdReadiness;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.PollCalls;
import org.jvmipc.spi.Readiness;

/**
 * Pipes that this process has made for a peer. Until the peer has attached, this process holds the peer's ends as well,
 * for the peer to open, and there is no connection; then it closes them, so that each side sees when the other one has
 * gone.
 */
final class OfferedPipes implements Origin {
    private final List<Fd> peerEnds = new ArrayList<>();
    private final PipeAddress address;
    private final PipeWire wire;
    /** Becomes readable when the peer has opened its ends; nobody reads it, so that it stays so. */
    private final Fd attached;
    private final Readiness pending;
    private boolean handedOver;

    private OfferedPipes(boolean sends, boolean receives, int capacity) {
        Map<PipeAddress.Kind, PipeAddress.End> offered = new EnumMap<>(PipeAddress.Kind.class);
        Fd[] there = sends ? pipe(capacity) : null;
        Fd[] back = receives ? pipe(capacity) : null;
        Fd[] attach = pipe(0);
        if (sends) {
            offer(offered, PipeAddress.Kind.READ, there[0]);
        }
        if (receives) {
            offer(offered, PipeAddress.Kind.WRITE, back[1]);
        }
        offer(offered, PipeAddress.Kind.ATTACH, attach[1]);
        this.attached = attach[0];
        this.pending = new FdReadiness(attached, PollCalls.POLLIN);
        this.address = new PipeAddress(ProcessHandle.current().pid(), offered);
        this.wire = new PipeWire(receives ? back[0] : null, sends ? there[1] : null, Fd::close);
    }

    static OfferedPipes make(boolean sends, boolean receives, int capacity) {
        return new OfferedPipes(sends, receives, capacity);
    }

    /** The reading and the writing end of a new pipe. */
    private static Fd[] pipe(int capacity) {
        int[] ends = new int[2];
        NativeCallException.check(
                FileCalls.pipe2(ends, FileCalls.O_CLOEXEC | FileCalls.O_NONBLOCK), "pipe2", "O_CLOEXEC|O_NONBLOCK");
        Fd[] pair = {Fd.own(ends[0], "pipe:"), Fd.own(ends[1], "pipe:")};
        if (capacity > 0) {
            try {
                PipeWire.setCapacity(pair[0], capacity);
            } catch (NativeCallException e) {
                closeAll(pair);
                throw e;
            }
        }
        return pair;
    }

    private void offer(Map<PipeAddress.Kind, PipeAddress.End> offered, PipeAddress.Kind kind, Fd end) {
        offered.put(kind, PipeAddress.End.of(end));
        peerEnds.add(end);
    }

    PipeAddress address() {
        return address;
    }

    @Override
    public synchronized Wire next() {
        if (handedOver || !hasByte(attached)) {
            return null;
        }
        handedOver = true;
        withdraw();
        return wire;
    }

    private static boolean hasByte(Fd fd) {
        int number = fd.acquire();
        if (number == Fd.CLOSED) {
            return false;
        }
        try {
            return FileCalls.available(number) > 0;
        } finally {
            fd.release();
        }
    }

    @Override
    public Readiness pending() {
        return pending;
    }

    private void withdraw() {
        peerEnds.forEach(Fd::close);
        attached.close();
    }

    @Override
    public synchronized void close() {
        withdraw();
        if (!handedOver) {
            handedOver = true;
            wire.close();
        }
    }

    /** Tells the process that made the pipes that the peer has opened its ends; only one can. */
    static void tellAttached(PipeAddress address, String channel) {
        try (Fd attach = address.open(PipeAddress.Kind.ATTACH, channel)) {
            if (!attach.tryFlock(FileCalls.LOCK_EX) || hasByte(attach)
                    || attach.write(ByteBuffer.wrap(new byte[] {1})) != 1) {
                throw new ChannelNotFoundException(channel + ": somebody else has attached to this pipe; each address"
                        + " is good for one peer");
            }
        }
    }

    static void closeAll(Fd... ends) {
        for (Fd end : ends) {
            if (end != null) {
                end.close();
            }
        }
    }
}
