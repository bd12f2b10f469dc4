package org.jvmipc.posix;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jvmipc.IpcException;
import org.jvmipc.posix.internal.LifeFiles;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.Inspected.Condition;
import org.jvmipc.spi.Inspected.FileFacts;
import org.jvmipc.spi.Inspected.Verdict;
import org.jvmipc.spi.InspectedPeer;
import org.jvmipc.spi.InspectedPeer.Presence;
import org.jvmipc.spi.Inspection;
import org.jvmipc.spi.Inspector;

/** The life files in {@link IpcHome}, and whatever else lies there that no transport knows. */
public final class LifeInspector implements Inspector {
    private static final String KIND = "life sign";
    private static final String ATTRIBUTES = "unix:mode,uid,size,dev,ino,lastModifiedTime";

    /** For {@link java.util.ServiceLoader}. */
    public LifeInspector() {
    }

    /**
     * What the file system tells of a file, not following a symbolic link there. Plain Java.
     *
     * @param path the file
     * @return empty if it does not exist, or cannot be looked at
     */
    public static Optional<FileFacts> facts(Path path) {
        try {
            Map<String, Object> status = Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            return Optional.of(new FileFacts(path, (Integer) status.get("uid"), (Integer) status.get("mode"),
                    (Long) status.get("size"), ((FileTime) status.get("lastModifiedTime")).toInstant(),
                    status.get("dev") + ":" + status.get("ino")));
        } catch (IOException | UnsupportedOperationException hidden) {
            return Optional.empty();
        }
    }

    /**
     * Whether a process lives, and runs; for people.
     *
     * @param life what is known of its life
     * @param pid its number, if it is one of this PID namespace; else -1
     * @return the same in other words, and whether it is stopped
     */
    public static Presence presence(Life life, long pid) {
        return switch (life) {
            case DEAD -> Presence.DEAD;
            case UNKNOWN -> Presence.UNKNOWN;
            case ALIVE -> pid > 0 && OpenFiles.isStopped(pid) ? Presence.STOPPED : Presence.ALIVE;
        };
    }

    @Override
    public void list(Inspection scope, Consumer<Inspected> found) {
        KernelLocks locks = KernelLocks.of(scope);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(IpcHome.path())) {
            for (Path file : files) {
                if (LifeSign.isName(file.getFileName().toString())) {
                    Optional<FileFacts> facts = facts(file);
                    if (facts.isPresent()) {
                        found.accept(describe(file, facts.get(), locks));
                    }
                }
            }
        } catch (NoSuchFileException none) {
            return;
        } catch (IOException | DirectoryIteratorException refused) {
            // Who looks at all else is not to be held up by that.
            Path home = IpcHome.path();
            found.accept(new Inspected(home.toString(), "life signs", home.toString()).condition(Condition.UNREADABLE,
                    "IPC_HOME is no directory that this user may read, so that nobody is known to be dead by it"));
        }
    }

    private static Inspected describe(Path file, FileFacts facts, KernelLocks locks) {
        String name = file.getFileName().toString();
        Life life = locks.life(name);
        Optional<LifeSign.Owner> owner = LifeSign.owner(name);
        boolean here = owner.isPresent()
                && owner.get().identity().pidNamespace() == ProcessIdentity.ownPidNamespace();
        Inspected object = new Inspected(name, KIND, file.toString()).file(facts);
        long pid = LifeSign.pid(name);
        object.peer(InspectedPeer.of("owner", pid, owner.isPresent() ? owner.get().mainClass() : "",
                presence(life, here ? pid : -1)));
        if (owner.isPresent()) {
            object.detail("identity", owner.get().identity().toString());
        }
        return life == Life.DEAD
                ? object.verdict(Verdict.DEAD, "the kernel has dropped the lock by which process " + pid + " lived")
                : object.verdict(Verdict.IN_USE, "process " + pid + (life == Life.ALIVE ? " lives" : " may live"));
    }

    @Override
    public boolean remove(Inspected object) {
        if (!object.kind().equals(KIND)) {
            return false;
        }
        // Tells who must not be removed from who has been removed meanwhile.
        if (!LifeFiles.remove(object.name()) && Files.exists(Path.of(object.where()))) {
            throw new IpcException(object.where() + ": its process lives, or is not this user's to judge");
        }
        IpcHome.removeIfEmpty();
        return true;
    }
}
