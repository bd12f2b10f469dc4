package org.jvmipc.shm;

import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jvmipc.posix.IpcHome;
import org.jvmipc.posix.Life;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.posix.NativeLibrary;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.posix.ProcessWatch;

/**
 * Tells whether participants live. One that sleeps in the kernel, and so uses native code anyway, has a life sign, the
 * lock of its life file; it tells across PID namespaces. One that spins has none, and is known by its process number
 * and start time within its PID namespace, and always taken for alive from others.
 */
final class Liveness {
    private static final int MAX_NAME = 100;
    private static final int MAX_WATCHED = 512;
    /** Those who are known by number and start time, until they are forgotten. */
    private static final Map<Participant, ProcessWatch> WATCHED = new ConcurrentHashMap<>();

    private Liveness() {
    }

    /** This process, as it puts itself into a slot. */
    static Participant self(boolean natively) {
        ProcessIdentity self = ProcessIdentity.current();
        boolean signs = natively && NativeLibrary.isAvailable();
        String life = signs ? LifeSign.own().name() : "";
        return new Participant(self.pid(), self.startTime(), self.pidNamespace(), mainClass(), life,
                signs ? Home.ID : 0);
    }

    /**
     * Whether a participant must be taken for alive.
     *
     * @param who the participant
     * @param natively whether native code may be used to find out
     */
    static boolean isAlive(Participant who, boolean natively) {
        // Another directory of life files than ours tells us nothing.
        if (natively && LifeSign.isName(who.life()) && who.lifeHome() == Home.ID) {
            Life sign = LifeSign.check(who.life());
            // A missing file may have been removed by a person: only a process that is gone, too, is dead.
            return sign == Life.ALIVE || identity(who) == Life.ALIVE
                    || sign == Life.UNKNOWN && identity(who) == Life.UNKNOWN;
        }
        return identity(who) != Life.DEAD;
    }

    /** As {@link #isAlive}, for one who looks once only. */
    static boolean isAliveNow(Participant who, boolean natively) {
        boolean alive = isAlive(who, natively);
        forget(who, natively);
        return alive;
    }

    /** A participant is not watched any more. */
    static void forget(Participant who, boolean natively) {
        if (natively && LifeSign.isName(who.life())) {
            LifeSign.forget(who.life());
        }
        ProcessWatch watch = WATCHED.remove(who);
        if (watch != null) {
            watch.close();
        }
    }

    private static Life identity(Participant who) {
        long namespace = ProcessIdentity.current().pidNamespace();
        if (who.pidNamespace() != namespace || namespace == 0 || who.pid() <= 0) {
            return Life.UNKNOWN;
        }
        ProcessWatch watch = WATCHED.get(who);
        if (watch == null) {
            watch = remember(who);
        }
        return watch.look();
    }

    private static ProcessWatch remember(Participant who) {
        if (WATCHED.size() >= MAX_WATCHED) {
            // Each of them is opened again by who still needs it.
            WATCHED.values().removeIf(watch -> {
                watch.close();
                return true;
            });
        }
        return WATCHED.computeIfAbsent(who, any -> new ProcessWatch(any.pid(), any.startTicks()));
    }

    /** The directory of life files, which stays the same while ours is in it. */
    private static final class Home {
        static final long ID = id();

        private static long id() {
            try {
                LifeSign.own();
                return IpcHome.identity();
            } catch (UncheckedIOException | UnsupportedOperationException none) {
                return -1;
            }
        }
    }

    private static String mainClass() {
        String command = System.getProperty("sun.java.command", "?");
        int blank = command.indexOf(' ');
        String main = blank < 0 ? command : command.substring(0, blank);
        return main.length() > MAX_NAME ? main.substring(main.length() - MAX_NAME) : main;
    }
}
