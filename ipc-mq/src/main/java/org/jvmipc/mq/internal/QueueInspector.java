package org.jvmipc.mq.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jvmipc.IpcException;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.IpcHome;
import org.jvmipc.posix.KernelLocks;
import org.jvmipc.posix.LifeInspector;
import org.jvmipc.posix.OpenFiles;
import org.jvmipc.posix.PosixQueueCalls;
import org.jvmipc.posix.ProcFields;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.spi.DumpLine;
import org.jvmipc.spi.DumpOptions;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.Inspected.FileFacts;
import org.jvmipc.spi.Inspected.Verdict;
import org.jvmipc.spi.InspectedPeer;
import org.jvmipc.spi.InspectedPeer.Presence;
import org.jvmipc.spi.Inspection;
import org.jvmipc.spi.Inspector;

/** Queues of POSIX and System V, whoever made them, and those on disk. */
public final class QueueInspector implements Inspector {
    private static final String POSIX = "posix queue";
    private static final String SYSV = "sysv queue";
    private static final String MEMBERSHIP = "queue membership";
    private static final Path MOUNTS = Path.of("/proc/mounts");
    private static final Path SYSV_QUEUES = Path.of("/proc/sysvipc/msg");
    private static final String STATE = "jvmipc.state";
    private static final int STATUS_BYTES = 80;
    private static final int SYSV_FIELDS = 14;
    private static final int OCTAL = 8;

    /** For {@link java.util.ServiceLoader}. */
    public QueueInspector() {
    }

    @Override
    public void list(Inspection scope, Consumer<Inspected> found) {
        KernelLocks locks = KernelLocks.of(scope);
        OpenFiles files = OpenFiles.of(scope);
        posix(locks, files, found);
        sysv(locks, found);
        memberships(locks, found);
        TreeSet<Path> directories = new TreeSet<>();
        for (Path directory : scope.directories()) {
            addQueues(directory, directories);
        }
        for (OpenFiles.Holder holder : files.holders()) {
            if (holder.isJvm()) {
                for (String file : holder.mapped("/" + STATE)) {
                    Path directory = Path.of(file).getParent();
                    addQueue(directory, directories);
                }
            }
        }
        for (Path directory : directories) {
            found.accept(new DiskQueueLook(directory, locks).describe());
        }
    }

    private static void addQueues(Path directory, TreeSet<Path> into) {
        addQueue(directory, into);
        try (DirectoryStream<Path> below = Files.newDirectoryStream(directory)) {
            for (Path each : below) {
                if (Files.isDirectory(each)) {
                    addQueue(each, into);
                }
            }
        } catch (IOException | DirectoryIteratorException none) {
            // There is no such directory, or it is not for this user.
            return;
        }
    }

    /** A lane is a part of the queue that it belongs to. */
    private static void addQueue(Path directory, TreeSet<Path> into) {
        if (Files.exists(directory.resolve("metadata.cq4t"))) {
            Path parent = directory.getParent();
            boolean lane = parent != null && directory.getFileName().toString().startsWith("lane-");
            into.add(lane ? parent : directory);
        }
    }

    // POSIX.

    /** By the file system of queues, if it is mounted; else by who has them open. */
    private static void posix(KernelLocks locks, OpenFiles files, Consumer<Inspected> found) {
        Map<String, Path> queues = new TreeMap<>();
        Map<String, List<Long>> users = new TreeMap<>();
        for (OpenFiles.Holder holder : files.holders()) {
            for (Map.Entry<Integer, String> link : holder.links().entrySet()) {
                String target = link.getValue();
                if (target.lastIndexOf('/') != 0 || target.length() == 1 || Files.exists(Path.of(target))) {
                    continue;
                }
                Path file = Path.of("/proc", Long.toString(holder.pid()), "fd", link.getKey().toString());
                if (!status(file).isEmpty()) {
                    queues.putIfAbsent(target, file);
                    users.putIfAbsent(target, new ArrayList<>());
                    if (!users.get(target).contains(holder.pid())) {
                        users.get(target).add(holder.pid());
                    }
                }
            }
        }
        Path mounted = mount();
        if (mounted != null) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(mounted)) {
                for (Path file : all) {
                    queues.put("/" + file.getFileName(), file);
                }
            } catch (IOException | DirectoryIteratorException refused) {
                // Those that are open are known already.
                users.remove("");
            }
        }
        for (Map.Entry<String, Path> queue : queues.entrySet()) {
            found.accept(posix(queue.getKey(), queue.getValue(), locks,
                    users.getOrDefault(queue.getKey(), List.of())));
        }
    }

    private static Path mount() {
        try {
            for (String line : Files.readAllLines(MOUNTS, StandardCharsets.UTF_8)) {
                String[] field = line.split(" ");
                if (field.length > 2 && field[2].equals("mqueue")) {
                    return Path.of(field[1]);
                }
            }
        } catch (IOException hidden) {
            return null;
        }
        return null;
    }

    /** {@code QSIZE:129 NOTIFY:2 SIGNO:0 NOTIFY_PID:8260}; empty if it is not that. */
    private static String status(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) != STATUS_BYTES) {
                return "";
            }
            String text = Files.readString(file, StandardCharsets.US_ASCII);
            return text.startsWith("QSIZE:") ? text : "";
        } catch (IOException | RuntimeException gone) {
            return "";
        }
    }

    private static Inspected posix(String name, Path file, KernelLocks locks, List<Long> users) {
        Inspected object = new Inspected("posixmq:" + name.substring(1), POSIX, name);
        Optional<FileFacts> facts = LifeInspector.facts(file);
        if (facts.isPresent()) {
            object.owned(facts.get().uid(), facts.get().mode())
                    .detail("last used", String.valueOf(facts.get().created()));
        }
        String status = status(file);
        int end = status.indexOf(' ');
        if (end > 0) {
            object.holds(Inspected.UNKNOWN, Long.parseLong(status.substring("QSIZE:".length(), end)),
                    Inspected.UNKNOWN);
        }
        for (long pid : users) {
            object.peer(InspectedPeer.of("user", pid, OpenFiles.name(pid),
                    OpenFiles.isStopped(pid) ? Presence.STOPPED : Presence.ALIVE));
        }
        boolean used = !users.isEmpty() || locks.isFlocked(file);
        return object.verdict(used ? Verdict.IN_USE : Verdict.KEPT, used ? "it is open"
                : "nobody who can be seen has it open; the kernel keeps it; name it to remove it");
    }

    // System V.

    /** {@code key msqid perms cbytes qnum lspid lrpid uid gid cuid cgid stime rtime ctime}. */
    private static void sysv(KernelLocks locks, Consumer<Inspected> found) {
        List<String> lines;
        try {
            lines = Files.readAllLines(SYSV_QUEUES, StandardCharsets.US_ASCII);
        } catch (IOException unsupported) {
            return;
        }
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            String[] field = ProcFields.of(line);
            if (field.length >= SYSV_FIELDS) {
                found.accept(sysv(field, locks));
            }
        }
    }

    private static Inspected sysv(String[] field, KernelLocks locks) {
        int key = (int) Long.parseLong(field[0]);
        String hex = Integer.toHexString(key);
        Inspected object = new Inspected("sysvmq:0x" + hex, SYSV, "key 0x" + hex + ", id " + field[1])
                .owned((int) Long.parseLong(field[7]), Integer.parseInt(field[2], OCTAL))
                .sized(Inspected.UNKNOWN, time(field[13]))
                .holds(Long.parseLong(field[4]), Long.parseLong(field[3]), Inspected.UNKNOWN);
        object.detail("id", Long.parseLong(field[1]));
        object.detail("last sent", String.valueOf(time(field[11])));
        object.detail("last received", String.valueOf(time(field[12])));
        peer(object, "last sender", field[5]);
        peer(object, "last receiver", field[6]);
        Path membership = IpcHome.path().resolve("sysvmq-" + hex);
        boolean used = locks.isFlocked(membership);
        return object.verdict(used ? Verdict.IN_USE : Verdict.KEPT, used ? "its membership file is locked"
                : "nobody who can be seen uses it; the kernel keeps it; name it to remove it");
    }

    private static Instant time(String seconds) {
        long time = Long.parseLong(seconds);
        return time == 0 ? null : Instant.ofEpochSecond(time);
    }

    private static void peer(Inspected object, String role, String pid) {
        long number = Long.parseLong(pid);
        if (number > 0) {
            Presence presence = !ProcessIdentity.exists(number) ? Presence.DEAD
                    : OpenFiles.isStopped(number) ? Presence.STOPPED : Presence.ALIVE;
            object.peer(InspectedPeer.of(role, number, OpenFiles.name(number), presence));
        }
    }

    /** The empty files by whose locks the users of a queue of System V know of each other. */
    private static void memberships(KernelLocks locks, Consumer<Inspected> found) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(IpcHome.path())) {
            for (Path file : files) {
                Optional<FileFacts> facts = file.getFileName().toString().startsWith("sysvmq-")
                        ? LifeInspector.facts(file) : Optional.empty();
                if (facts.isPresent()) {
                    found.accept(membership(facts.get(), locks));
                }
            }
        } catch (IOException | DirectoryIteratorException none) {
            // Nobody uses any.
            return;
        }
    }

    private static Inspected membership(FileFacts facts, KernelLocks locks) {
        Inspected object = new Inspected(facts.path().getFileName().toString(), MEMBERSHIP, facts.path().toString())
                .file(facts);
        return locks.isFlocked(facts.path()) ? object.verdict(Verdict.IN_USE, "it is locked")
                : object.verdict(Verdict.DEAD, "the kernel has dropped the locks of all who used the queue");
    }

    @Override
    public boolean remove(Inspected object) {
        switch (object.kind()) {
            case MEMBERSHIP -> removeMembership(Path.of(object.where()));
            case POSIX -> removePosix(object);
            case SYSV -> removeSysv(object);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void removeMembership(Path file) {
        try (Fd fd = Fd.open(file.toString(), FileCalls.O_RDWR | FileCalls.O_NOFOLLOW, 0)) {
            if (!fd.tryFlock(FileCalls.LOCK_EX)) {
                throw new IpcException(file + " is not removed: it is locked");
            }
            FileCalls.unlink(file.toString());
        }
        IpcHome.removeIfEmpty();
    }

    /** Whoever uses it holds a shared lock on it. */
    private static void removePosix(Inspected object) {
        String name = object.where();
        int number = PosixQueueCalls.open(name, FileCalls.O_CLOEXEC);
        if (number < 0) {
            return;
        }
        try (Fd fd = Fd.own(number, name)) {
            if (!fd.tryFlock(FileCalls.LOCK_EX)) {
                throw new IpcException(object.name() + " is not removed: somebody has it open");
            }
            QueuePorts.removePosix(name.substring(1));
        }
    }

    private static void removeSysv(Inspected object) {
        int key = (int) Long.parseLong(object.name().substring("sysvmq:0x".length()), 16);
        if (key == 0) {
            throw new IpcException(object.where() + " has no key: remove it by ipcrm -q");
        }
        String path = IpcHome.path().resolve("sysvmq-" + Integer.toHexString(key)).toString();
        if (Files.exists(Path.of(path))) {
            try (Fd fd = Fd.open(path, FileCalls.O_RDWR | FileCalls.O_NOFOLLOW, 0)) {
                if (!fd.tryFlock(FileCalls.LOCK_EX)) {
                    throw new IpcException(object.name() + " is not removed: somebody uses it");
                }
                QueuePorts.removeSysv(key);
            }
        } else {
            QueuePorts.removeSysv(key);
        }
    }

    @Override
    public boolean dump(Path file, DumpOptions options, Consumer<DumpLine> out) throws IOException {
        return new DiskQueueDump(options, out).dump(file);
    }
}
