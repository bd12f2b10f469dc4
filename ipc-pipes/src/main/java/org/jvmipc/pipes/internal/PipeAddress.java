package org.jvmipc.pipes.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.Address;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.IpcException;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.NativeCallException;

/**
 * What a parent tells its child of the pipes that it has made: {@code pipe:4711.r20i81215.a22i81216} are the
 * descriptors 20 and 22 of process 4711, and the numbers of the pipes behind them, by which the child sees that they
 * still are what they were. The child reads from {@code r}, writes to {@code w}, and tells on {@code a} that it has
 * opened them.
 *
 * @param pid the process that made the pipes
 * @param ends what the address offers
 */
record PipeAddress(long pid, Map<Kind, End> ends) {
    private static final Pattern NAME = Pattern.compile("(\\d{1,9})((?:\\.[rwa]\\d{1,9}i\\d{1,18}){2,3})");
    private static final Pattern END = Pattern.compile("\\.([rwa])(\\d+)i(\\d+)");

    /** What the one who attaches does with an end. */
    enum Kind {
        READ("r", FileCalls.O_RDONLY),
        WRITE("w", FileCalls.O_WRONLY),
        ATTACH("a", FileCalls.O_WRONLY);

        private final String letter;
        private final int flags;

        Kind(String letter, int flags) {
            this.letter = letter;
            this.flags = flags;
        }

        private static Kind of(String letter) {
            return letter.equals("r") ? READ : letter.equals("w") ? WRITE : ATTACH;
        }
    }

    /**
     * An end of a pipe in the process that made it.
     *
     * @param number its descriptor
     * @param inode the pipe's number
     */
    record End(int number, long inode) {
        static End of(Fd fd) {
            int number = fd.acquire();
            try {
                return new End(number, FileEntry.of(fd).inode());
            } finally {
                fd.release();
            }
        }
    }

    /** Reads an address; null if it is the one by which pipes are made. */
    static PipeAddress of(Address address) {
        if (address.name().isEmpty()) {
            return null;
        }
        Matcher name = NAME.matcher(address.name());
        if (!name.matches()) {
            throw new IllegalArgumentException("\"" + address.name() + "\" names no pipe; open \"pipe:\" in the parent,"
                    + " and hand the address() of what it returns to the child");
        }
        Map<Kind, End> ends = new EnumMap<>(Kind.class);
        for (Matcher end = END.matcher(name.group(2)); end.find();) {
            ends.put(Kind.of(end.group(1)), new End(Integer.parseInt(end.group(2)), Long.parseLong(end.group(3))));
        }
        return new PipeAddress(Long.parseLong(name.group(1)), ends);
    }

    /** The text after the colon. */
    String name() {
        StringBuilder text = new StringBuilder().append(pid);
        ends.forEach((kind, end) ->
                text.append('.').append(kind.letter).append(end.number()).append('i').append(end.inode()));
        return text.toString();
    }

    /** Opens an end of the other process's pipe, in this process or another one. */
    Fd open(Kind kind, String channel) {
        End end = ends.get(kind);
        if (end == null) {
            throw new IllegalArgumentException(channel + " offers no such direction: the other side must be opened"
                    + " for it, with receiver, sender or connect, as this side's counterpart");
        }
        Path process = Path.of("/proc/" + pid);
        if (!Files.exists(process)) {
            throw ended(channel);
        }
        Path path = process.resolve("fd/" + end.number());
        if (!link(path, channel).equals("pipe:[" + end.inode() + "]")) {
            throw closed(channel);
        }
        try {
            Fd fd = Fd.open(path.toString(), kind.flags, 0);
            if (FileEntry.of(fd).inode() != end.inode()) {
                fd.close();
                throw closed(channel);
            }
            return fd;
        } catch (NativeCallException e) {
            throw Files.exists(path) ? unreadable(channel) : closed(channel);
        }
    }

    private String link(Path path, String channel) {
        try {
            return Files.readSymbolicLink(path).toString();
        } catch (IOException e) {
            if (Files.exists(path.getParent(), LinkOption.NOFOLLOW_LINKS) && !Files.isReadable(path.getParent())) {
                throw unreadable(channel);
            }
            throw closed(channel);
        }
    }

    private ChannelNotFoundException closed(String channel) {
        return new ChannelNotFoundException(channel + ": process " + pid + " has closed this pipe, or somebody has"
                + " attached to it already; each address is good for one peer");
    }

    private ChannelNotFoundException ended(String channel) {
        return new ChannelNotFoundException(channel + ": process " + pid + ", which made the pipe, has ended, or is"
                + " in another PID namespace");
    }

    /** A process that has ended and not been waited for does not let its own user look, either. */
    private IpcException unreadable(String channel) {
        FileEntry process = FileEntry.at(Path.of("/proc/" + pid));
        return process == null || process.uid() == FileEntry.self() ? ended(channel) : refused(channel);
    }

    private AccessRefusedException refused(String channel) {
        return new AccessRefusedException(channel + ": process " + pid + " belongs to another user, whose pipes this"
                + " process may not open; use unix: with allow= between users");
    }
}
