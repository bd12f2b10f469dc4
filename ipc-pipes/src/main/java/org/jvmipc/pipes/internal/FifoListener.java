package org.jvmipc.pipes.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.IpcException;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FdReadiness;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.PollCalls;
import org.jvmipc.spi.Readiness;

/**
 * Accepts connections on a FIFO to which those who connect write, in one line each, the name of the pair of FIFOs that
 * they have made; see {@link FifoConnector}. Holds the exclusive lock on its FIFO, so that there is one listener.
 */
final class FifoListener implements Origin {
    private static final Pattern TOKEN = Pattern.compile("\\d{1,10}-[0-9a-f]{16}");
    private static final int LONGEST_LINE = 64;
    private static final int ATTEMPTS = 10;
    private static final Duration OPENED_UNTIL = Duration.ofSeconds(10);

    private final String channel;
    private final Path path;
    private final FifoFile file;
    private final FifoFile.Policy theirs;
    private final Fd requests;
    /** Held open so that the way never ends when nobody is asking. */
    private final Fd writer;
    private final FdReadiness pending;
    private final ByteBuffer line = ByteBuffer.allocate(LONGEST_LINE);

    /**
     * Makes the FIFO, or takes the one that is there.
     *
     * @param channel the address, for messages
     * @param path the FIFO
     * @param file the same
     * @param capacity what the pipes are to hold in bytes, or 0 for what they do
     */
    FifoListener(String channel, Path path, FifoFile file, int capacity) {
        this.channel = channel;
        this.path = path;
        this.file = file;
        this.theirs = new FifoFile.Policy(FifoFile.AWAIT, true, false, capacity);
        this.requests = listen();
        this.writer = file.openOnce(FileCalls.O_WRONLY);
        this.pending = new FdReadiness(requests, PollCalls.POLLIN);
        removeLeftovers();
    }

    /** Removes the FIFOs of those who were killed while they asked a listener that answers no more. */
    private void removeLeftovers() {
        String prefix = path.getFileName() + ".";
        try (DirectoryStream<Path> all = Files.newDirectoryStream(path.getParent())) {
            for (Path each : all) {
                String name = each.getFileName().toString();
                int end = name.length() - FifoConnector.BACK.length();
                if (name.startsWith(prefix) && name.endsWith(FifoConnector.BACK) && end > prefix.length()) {
                    removeIfLeft(each, name.substring(prefix.length(), end));
                }
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            // Then it stays as it is.
            return;
        }
    }

    private void removeIfLeft(Path back, String token) throws IOException {
        if (!TOKEN.matcher(token).matches()) {
            return;
        }
        try {
            BasicFileAttributes found =
                    Files.readAttributes(back, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            // Who has just made it has not opened it yet.
            boolean old = found.lastModifiedTime().toInstant().isBefore(Instant.now().minus(OPENED_UNTIL));
            Fd reading = old ? FifoConnector.back(channel, path, token, theirs).openOnce(FileCalls.O_WRONLY) : null;
            if (reading != null) {
                reading.close();
            } else if (old) {
                FifoConnector.there(channel, path, token, theirs).remove();
                FifoConnector.back(channel, path, token, theirs).remove();
            }
        } catch (IpcException | NoSuchFileException notOursOrGone) {
            return;
        }
    }

    private Fd listen() {
        for (int i = 0; i < ATTEMPTS; i++) {
            Fd fd = file.tryOpen(FileCalls.O_RDONLY, FileCalls.LOCK_EX);
            if (fd != null) {
                return fd;
            }
        }
        throw new ChannelExistsException(channel
                + ": another process listens or receives there; close it, or use another path");
    }

    @Override
    public synchronized Wire next() {
        String token = request();
        while (token != null) {
            Wire wire = TOKEN.matcher(token).matches() ? answer(token) : null;
            if (wire != null) {
                return wire;
            }
            token = request();
        }
        return null;
    }

    /** The next line, or null if none is there as a whole. Connectors write lines as a whole, others may not. */
    private String request() {
        ByteBuffer one = ByteBuffer.allocate(1);
        while (requests.read(one.clear()) == 1) {
            if (one.get(0) == '\n') {
                String found = StandardCharsets.US_ASCII.decode(line.flip()).toString();
                line.clear();
                return found;
            }
            if (line.hasRemaining()) {
                line.put(one.get(0));
            }
        }
        return null;
    }

    private Wire answer(String token) {
        FifoFile there = FifoConnector.there(channel, path, token, theirs);
        FifoFile back = FifoConnector.back(channel, path, token, theirs);
        Fd in = null;
        Fd out = null;
        try {
            out = back.openOnce(FileCalls.O_WRONLY);
            in = out == null ? null : there.openOnce(FileCalls.O_RDONLY);
            if (in != null) {
                PipeWire.noticeEnd(in);
                Wire wire = new PipeWire(in, out, Fd::close);
                out = null;
                // By that who asked sees that there is a connection.
                there.remove();
                back.remove();
                return wire;
            }
        } catch (IpcException refused) {
            System.getLogger("org.jvmipc.pipes").log(System.Logger.Level.WARNING,
                    channel + " does not answer a request: " + refused.getMessage());
        }
        // Who asked has died meanwhile, or sees a connection that has ended.
        OfferedPipes.closeAll(out);
        there.remove();
        back.remove();
        return null;
    }

    @Override
    public Readiness pending() {
        return pending;
    }

    @Override
    public synchronized void close() {
        if (requests.isOpen()) {
            file.leave(requests);
            writer.close();
        }
    }
}
