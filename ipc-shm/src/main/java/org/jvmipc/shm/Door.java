package org.jvmipc.shm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.IpcException;
import org.jvmipc.spi.MessageLink;

/**
 * How those who connect and the one who listens find each other. A connection is two rings in files of their own, made
 * by the one who connects: {@code name+time-random.b} to receive from, then {@code .a} to send into. Then it knocks: it
 * counts in the listener's segment, {@code name+door}, and wakes whoever sleeps there. The listener looks for files
 * {@code .a} whose listener's side is free; it does so also when it comes, so that those before it are found: either
 * they see its door, or it sees their files.
 *
 * <p>A connection whose listener's side was taken once is over when that goes, and nobody else's, unless the one who
 * connected waits for a replacement, which it says in the name: {@code name+time-random-waits.a}.
 */
final class Door {
    private static final String MARK = "+";
    private static final String DOOR = MARK + "door";
    private static final String WAITS = "-waits";
    private static final String TO_LISTENER = ".a";
    private static final String FROM_LISTENER = ".b";
    /** Others of this process hold the file for moments only. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private Door() {
    }

    /** The listener's segment. */
    static Path path(Path channel) {
        return Path.of(channel + DOOR);
    }

    /** Makes a connection and knocks. */
    static MessageLink connect(ShmOpener opener) {
        Path channel = opener.file();
        if ("attach".equals(opener.open()) && !Files.exists(path(channel))) {
            throw new ChannelNotFoundException("nobody listens on " + opener.address());
        }
        checkType(opener);
        sweep(channel, opener.terms().maySleep());
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        String base = channel + MARK + HexFormat.of().toHexDigits(now) + "-"
                + HexFormat.of().toHexDigits(new SecureRandom().nextInt())
                + (opener.terms().waitsForPeers() ? WAITS : "");
        MessageLink link =
                opener.connection(Path.of(base + FROM_LISTENER), Path.of(base + TO_LISTENER), "create", true);
        try {
            knock(path(channel));
            return link;
        } catch (RuntimeException | Error refused) {
            link.in().close();
            link.out().close();
            throw refused;
        }
    }

    /** If somebody listens, the types are compared at once; who listens later compares with all who wait. */
    private static void checkType(ShmOpener opener) {
        long type = opener.ring().typeHash();
        ByteBuffer door = type == 0 ? null : header(path(opener.file()));
        if (door != null && door.limit() >= SegmentLayout.HEADER_SIZE) {
            Slot listener = new Slot(door, SegmentLayout.CONSUMER_SLOT);
            if (SegmentLayout.isAttached(listener.presence())
                    && Liveness.isAliveNow(listener.occupant(), opener.terms().maySleep())) {
                SegmentHeader.checkListener(opener.address().toString(), door, type);
            }
        }
    }

    /** A copy of a header, perhaps not as long as one is; null if there is no such file. */
    private static ByteBuffer header(Path path) {
        try {
            return Uninterrupted.run(() -> {
                try (SegmentFile file = SegmentFile.open(path, false, System.nanoTime() + PATIENCE_NANOS)) {
                    return file == null ? null : file.readHeader();
                }
            });
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void knock(Path door) {
        try {
            ByteBuffer memory = Uninterrupted.run(() -> map(door));
            if (memory != null) {
                LONG.getAndAdd(memory, SegmentLayout.TAIL, 1);
                VarHandle.fullFence();
                if (SegmentLayout.maySleep(new Slot(memory, SegmentLayout.CONSUMER_SLOT).presence())) {
                    Segment.signalConsumer(memory);
                }
                ClosedMappings.add(memory);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Null if nobody listens, or somebody is just about to. */
    private static ByteBuffer map(Path door) throws IOException {
        try (SegmentFile file = SegmentFile.open(door, false, System.nanoTime() + PATIENCE_NANOS)) {
            if (file == null || file.size() < SegmentLayout.HEADER_SIZE) {
                return null;
            }
            return file.map(SegmentLayout.HEADER_SIZE).order(ByteOrder.nativeOrder());
        }
    }

    /** How many have knocked. */
    static long knocks(ByteBuffer door) {
        return (long) LONG.getVolatile(door, SegmentLayout.TAIL);
    }

    /** The connections to a channel, accepted or not, in the order of their making. */
    static List<Path> connections(Path channel) {
        return files(channel, TO_LISTENER);
    }

    /** Removes what connections have left whose processes have died. */
    private static void sweep(Path channel, boolean natively) {
        files(channel, TO_LISTENER).forEach(file -> Segment.removeIfAbandoned(file, natively));
        files(channel, FROM_LISTENER).forEach(file -> Segment.removeIfAbandoned(file, natively));
    }

    private static List<Path> files(Path channel, String suffix) {
        List<Path> found = new ArrayList<>();
        String prefix = channel.getFileName() + MARK;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(channel.getParent(), file -> {
            String name = file.getFileName().toString();
            return name.startsWith(prefix) && name.endsWith(suffix);
        })) {
            files.forEach(found::add);
        } catch (NoSuchFileException none) {
            return found;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        found.sort(null);
        return found;
    }

    /**
     * Takes the listener's side of a connection.
     *
     * @return null if it is taken, is over, or gone
     * @throws IncompatibleChannelException if it is not as the listener wants it
     */
    static MessageLink accept(ShmOpener opener, Path toListener) {
        try {
            if (waitsForListeners(toListener) || isNew(toListener)) {
                return opener.connection(toListener, fromListener(toListener), "attach", false);
            }
        } catch (IncompatibleChannelException differs) {
            throw differs;
        } catch (IpcException goneOrTaken) {
            // Told by null.
        }
        removeIfAbandoned(opener, toListener);
        return null;
    }

    /** Has the one who connected see somebody come and leave. */
    static void turnAway(ShmOpener opener, Path toListener) {
        opener.leave(toListener, Side.CONSUMER);
        opener.leave(fromListener(toListener), Side.PRODUCER);
        removeIfAbandoned(opener, toListener);
    }

    private static boolean waitsForListeners(Path toListener) {
        return toListener.toString().endsWith(WAITS + TO_LISTENER);
    }

    /** Whether nobody has taken the listener's side yet; perhaps it is not finished. */
    private static boolean isNew(Path toListener) {
        ByteBuffer header = header(toListener);
        return header != null && (header.limit() < SegmentLayout.HEADER_SIZE
                || new Slot(header, SegmentLayout.CONSUMER_SLOT).presence() == 0);
    }

    /** Removes a connection if the processes of both sides have died. */
    private static void removeIfAbandoned(ShmOpener opener, Path toListener) {
        Segment.removeIfAbandoned(toListener, opener.terms().maySleep());
        Segment.removeIfAbandoned(fromListener(toListener), opener.terms().maySleep());
    }

    private static Path fromListener(Path toListener) {
        String name = toListener.toString();
        return Path.of(name.substring(0, name.length() - TO_LISTENER.length()) + FROM_LISTENER);
    }
}
