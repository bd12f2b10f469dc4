package org.jvmipc.pipes.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jvmipc.IpcException;
import org.jvmipc.posix.LifeInspector;
import org.jvmipc.posix.OpenFiles;
import org.jvmipc.posix.ProcFields;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.Inspected.FileFacts;
import org.jvmipc.spi.InspectedPeer;
import org.jvmipc.spi.InspectedPeer.Presence;
import org.jvmipc.spi.Inspection;
import org.jvmipc.spi.Inspector;

/** Unix-domain sockets with a name, and FIFOs, that JVMs have open or that lie in directories to be looked into. */
public final class PipeInspector implements Inspector {
    private static final Path SOCKETS = Path.of("/proc/net/unix");
    private static final int FIELDS = 8;
    private static final int LISTENS = 1 << 16;
    /** What is there while a socket is being bound. */
    private static final String BIND = "unix bind";
    private static final int KIND = 0170000;
    private static final int FIFO = 0010000;
    private static final int SOCKET = 0140000;

    /** For {@link java.util.ServiceLoader}. */
    public PipeInspector() {
    }

    /** All sockets that are bound to one name: the one that listens, and those that it has accepted. */
    private static final class Socket {
        private final String type;
        private boolean listens;
        private int count;
        private final Set<Long> users = new LinkedHashSet<>();

        private Socket(String type) {
            this.type = type;
        }
    }

    @Override
    public void list(Inspection scope, Consumer<Inspected> found) {
        OpenFiles files = OpenFiles.of(scope);
        Map<String, Socket> sockets = sockets(users(files));
        Set<Path> seen = new LinkedHashSet<>();
        for (Map.Entry<String, Socket> entry : sockets.entrySet()) {
            String name = entry.getKey();
            Socket socket = entry.getValue();
            boolean named = name.startsWith("/") && seen.add(Path.of(name)) && isIn(scope, name);
            if (scope.everything() || named || isAnyJvm(files, socket.users)) {
                found.accept(describe(name, socket));
            }
        }
        for (Map.Entry<Path, List<Long>> fifo : fifos(files).entrySet()) {
            seen.add(fifo.getKey());
            found.accept(describe(fifo.getKey(), fifo.getValue()));
        }
        Set<Path> directories = new LinkedHashSet<>(scope.directories());
        for (Path directory : directories) {
            unused(directory, seen, found);
        }
        directories.add(Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath().normalize());
        for (Path directory : directories) {
            leftovers(directory, files, found);
        }
    }

    @Override
    public boolean remove(Inspected object) {
        if (!object.kind().equals(BIND)) {
            return false;
        }
        if (!Leftovers.remove(Path.of(object.where()))) {
            throw new IpcException(object.where() + " stays: a process that lives has it, or there is something else in"
                    + " it; look who with fuser, and what with ls -la");
        }
        return true;
    }

    private static boolean isIn(Inspection scope, String name) {
        Path parent = Path.of(name).getParent();
        return parent != null && scope.directories().contains(parent);
    }

    private static boolean isAnyJvm(OpenFiles files, Set<Long> pids) {
        for (OpenFiles.Holder holder : files.holders()) {
            if (holder.isJvm() && pids.contains(holder.pid())) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, List<Long>> users(OpenFiles files) {
        Map<String, List<Long>> users = new HashMap<>();
        for (OpenFiles.Holder holder : files.holders()) {
            for (String target : holder.links().values()) {
                if (target.startsWith("socket:[")) {
                    users.putIfAbsent(target, new ArrayList<>());
                    users.get(target).add(holder.pid());
                }
            }
        }
        return users;
    }

    /** {@code Num RefCount Protocol Flags Type St Inode Path}; of this network namespace. */
    private static Map<String, Socket> sockets(Map<String, List<Long>> users) {
        Map<String, Socket> sockets = new TreeMap<>();
        try (BufferedReader lines = Files.newBufferedReader(SOCKETS, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] field = ProcFields.of(line, FIELDS);
                if (field.length == FIELDS && !field[0].equals("Num")) {
                    String name = SocketFile.known(field[7]);
                    sockets.putIfAbsent(name, new Socket(field[4]));
                    Socket socket = sockets.get(name);
                    socket.count++;
                    socket.listens |= (Integer.parseUnsignedInt(field[3], 16) & LISTENS) != 0;
                    socket.users.addAll(users.getOrDefault("socket:[" + field[6] + "]", List.of()));
                }
            }
        } catch (IOException hidden) {
            return sockets;
        }
        return sockets;
    }

    private static Inspected describe(String name, Socket socket) {
        String kind = switch (socket.type) {
            case "0002" -> "unix datagram";
            case "0005" -> "unix seqpacket";
            default -> "unix stream";
        };
        Inspected object = new Inspected("unix:" + name, kind, name);
        if (name.startsWith("/")) {
            inode(object, Path.of(name));
            if (object.identity().isEmpty()) {
                object.detail("file", "removed");
            }
        }
        object.detail("listens", socket.listens);
        object.detail("connections", socket.count - (socket.listens ? 1 : 0));
        for (long pid : socket.users) {
            object.peer(user(pid, socket.listens ? "listener" : "user"));
        }
        return object.verdict(Inspected.Verdict.IN_USE, "it is bound");
    }

    private static InspectedPeer user(long pid, String role) {
        return InspectedPeer.of(role, pid, OpenFiles.name(pid),
                OpenFiles.isStopped(pid) ? Presence.STOPPED : Presence.ALIVE);
    }

    private static int kind(Path path, LinkOption... options) {
        try {
            return (Integer) Files.getAttribute(path, "unix:mode", options) & KIND;
        } catch (IOException | RuntimeException gone) {
            return 0;
        }
    }

    private static Map<Path, List<Long>> fifos(OpenFiles files) {
        Map<Path, List<Long>> fifos = new LinkedHashMap<>();
        for (OpenFiles.Holder holder : files.holders()) {
            for (Map.Entry<Integer, String> link : holder.links().entrySet()) {
                String target = link.getValue();
                boolean candidate = target.startsWith("/") && !target.startsWith("/dev/pts/")
                        && !target.startsWith("/memfd:");
                if (candidate && kind(Path.of("/proc/" + holder.pid() + "/fd/" + link.getKey())) == FIFO) {
                    Path path = Path.of(target);
                    fifos.putIfAbsent(path, new ArrayList<>());
                    if (!fifos.get(path).contains(holder.pid())) {
                        fifos.get(path).add(holder.pid());
                    }
                }
            }
        }
        return fifos;
    }

    private static Inspected describe(Path path, List<Long> pids) {
        Inspected object = inode(new Inspected("fifo:" + path, "fifo", path.toString()), path);
        for (long pid : pids) {
            object.peer(user(pid, "user"));
        }
        return object.verdict(Inspected.Verdict.IN_USE, "it is open");
    }

    /** Its length says nothing. */
    private static Inspected inode(Inspected object, Path path) {
        Optional<FileFacts> facts = LifeInspector.facts(path);
        if (facts.isPresent()) {
            object.file(facts.get());
        }
        return object.sized(Inspected.UNKNOWN, object.since());
    }

    /** What nobody has open who can be seen: it may be in use in another namespace, and is left alone. */
    private static void unused(Path directory, Set<Path> seen, Consumer<Inspected> found) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path path : all) {
                int kind = kind(path, LinkOption.NOFOLLOW_LINKS);
                if ((kind == FIFO || kind == SOCKET) && seen.add(path)) {
                    Inspected object = inode(new Inspected((kind == FIFO ? "fifo:" : "unix:") + path,
                            kind == FIFO ? "fifo" : "unix socket", path.toString()), path);
                    found.accept(object.verdict(Inspected.Verdict.NONE,
                            "nobody who can be seen has it open; whoever opens the channel anew replaces it"));
                }
            }
        } catch (IOException | DirectoryIteratorException none) {
            return;
        }
    }

    private static void leftovers(Path directory, OpenFiles files, Consumer<Inspected> found) {
        // Not by a pattern, as looking is not to load what takes them apart.
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path path : all) {
                String name = path.getFileName().toString();
                boolean isLock = TakeoverLock.isName(name);
                if (isLock || name.startsWith(OwnDirectory.PREFIX) && OwnDirectory.isName(name)) {
                    found.accept(leftover(path, isLock ? path : path.resolve(OwnDirectory.LOCK), files));
                }
            }
        } catch (IOException | DirectoryIteratorException none) {
            return;
        }
    }

    private static Inspected leftover(Path path, Path lock, OpenFiles files) {
        Inspected object = inode(new Inspected(path.toString(), BIND, path.toString()), path);
        for (OpenFiles.Holder holder : files.holders()) {
            if (holder.links().containsValue(lock.toString())) {
                object.peer(user(holder.pid(), "binder"));
            }
        }
        if (object.uid() != FileEntry.self()) {
            return object.verdict(Inspected.Verdict.NONE, "it belongs to another user");
        }
        return object.peers().isEmpty()
                ? object.verdict(Inspected.Verdict.DEAD, "nobody who can be seen is binding a socket by it")
                : object.verdict(Inspected.Verdict.IN_USE, "a socket is being bound");
    }
}
