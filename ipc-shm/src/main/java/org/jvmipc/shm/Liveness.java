package org.jvmipc.shm;

import java.io.IOException;
import java.nio.file.Files;
import org.jvmipc.posix.IpcHome;
import org.jvmipc.posix.Life;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.posix.NativeLibrary;
import org.jvmipc.posix.ProcessIdentity;

/**
 * Tells whether participants live. One that sleeps in the kernel, and so uses native code anyway, has a life sign, the
 * lock of its life file; it tells across PID namespaces. One that spins has none, and is known by its process number
 * and start time within its PID namespace, and always taken for alive from others.
 */
final class Liveness {
    private static final int MAX_NAME = 100;

    private Liveness() {
    }

    /** This process, as it puts itself into a slot. */
    static Participant self(boolean natively) {
        ProcessIdentity self = ProcessIdentity.current();
        boolean signs = natively && NativeLibrary.isAvailable();
        String life = signs ? LifeSign.own().name() : "";
        return new Participant(self.pid(), self.startTime(), self.pidNamespace(), mainClass(), life, signs ? home() : 0);
    }

    /**
     * Whether a participant must be taken for alive.
     *
     * @param who the participant
     * @param natively whether native code may be used to find out
     */
    static boolean isAlive(Participant who, boolean natively) {
        Life life = identity(who);
        // Another directory of life files than ours tells us nothing.
        boolean signed = natively && LifeSign.isName(who.life()) && who.lifeHome() == home();
        if (life == Life.ALIVE || !signed) {
            return life != Life.DEAD;
        }
        // A process number may be gone while its last threads still run: their life sign is not.
        Life sign = LifeSign.check(who.life());
        return sign == Life.ALIVE || sign == Life.UNKNOWN && life != Life.DEAD;
    }

    private static Life identity(Participant who) {
        String text = ProcessIdentity.current().bootId() + ":" + who.pidNamespace() + ":" + who.pid() + ":"
                + who.startTicks();
        return ProcessIdentity.parse(text).map(ProcessIdentity::life).orElse(Life.UNKNOWN);
    }

    private static long home() {
        try {
            return ((Number) Files.getAttribute(IpcHome.path(), "unix:ino")).longValue();
        } catch (IOException none) {
            return 0;
        }
    }

    private static String mainClass() {
        String command = System.getProperty("sun.java.command", "?");
        int blank = command.indexOf(' ');
        String main = blank < 0 ? command : command.substring(0, blank);
        return main.length() > MAX_NAME ? main.substring(main.length() - MAX_NAME) : main;
    }
}
