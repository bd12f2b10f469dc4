package org.jvmipc.shm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jvmipc.posix.OpenFiles;
import org.jvmipc.posix.ProcFields;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.InspectedPeer;
import org.jvmipc.spi.InspectedPeer.Presence;

/** Memory and semaphores of System V, as {@code /proc/sysvipc} shows them, whoever made them. */
final class KernelObjects {
    private static final Path DIRECTORY = Path.of("/proc/sysvipc");
    private static final int OCTAL = 8;
    private static final int SHM_FIELDS = 14;
    private static final int SEM_FIELDS = 10;

    private KernelObjects() {
    }

    private static List<String> lines(String file) {
        try {
            List<String> lines = Files.readAllLines(DIRECTORY.resolve(file), StandardCharsets.US_ASCII);
            return lines.isEmpty() ? lines : lines.subList(1, lines.size());
        } catch (IOException unsupported) {
            return List.of();
        }
    }

    /** {@code key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime rss swap}. */
    static void memory(Consumer<Inspected> found) {
        for (String line : lines("shm")) {
            String[] field = ProcFields.of(line);
            if (field.length < SHM_FIELDS) {
                continue;
            }
            Inspected object = object("sysv memory", "shm", field[0], field[1])
                    .owned((int) Long.parseLong(field[7]), Integer.parseInt(field[2], OCTAL))
                    .sized(Long.parseLong(field[3]), time(field[13]));
            object.detail("id", Long.parseLong(field[1]));
            object.detail("attached", Long.parseLong(field[6]));
            object.detail("last attached", text(time(field[11])));
            object.detail("last detached", text(time(field[12])));
            peer(object, "creator", field[4]);
            peer(object, "last user", field[5]);
            found.accept(object);
        }
    }

    /** {@code key semid perms nsems uid gid cuid cgid otime ctime}. */
    static void semaphores(Consumer<Inspected> found) {
        for (String line : lines("sem")) {
            String[] field = ProcFields.of(line);
            if (field.length < SEM_FIELDS) {
                continue;
            }
            Inspected object = object("sysv semaphores", "sem", field[0], field[1])
                    .owned((int) Long.parseLong(field[4]), Integer.parseInt(field[2], OCTAL))
                    .sized(Inspected.UNKNOWN, time(field[9]));
            object.detail("id", Long.parseLong(field[1]));
            object.detail("semaphores", Long.parseLong(field[3]));
            object.detail("last operation", text(time(field[8])));
            found.accept(object);
        }
    }

    private static Inspected object(String kind, String type, String key, String id) {
        int number = (int) Long.parseLong(key);
        String hex = "0x" + Integer.toHexString(number);
        return new Inspected(number == 0 ? type + " id " + id : type + " key " + hex, kind,
                "key " + hex + ", id " + id);
    }

    private static Instant time(String seconds) {
        long time = Long.parseLong(seconds);
        return time == 0 ? null : Instant.ofEpochSecond(time);
    }

    private static String text(Instant time) {
        return time == null ? "never" : time.toString();
    }

    /** A number of 0 stands for a process of another PID namespace, or for none. */
    private static void peer(Inspected object, String role, String pid) {
        long number = Long.parseLong(pid);
        if (number > 0) {
            Presence presence = !ProcessIdentity.exists(number) ? Presence.DEAD
                    : OpenFiles.isStopped(number) ? Presence.STOPPED : Presence.ALIVE;
            object.peer(InspectedPeer.of(role, number, OpenFiles.name(number), presence));
        }
    }
}
