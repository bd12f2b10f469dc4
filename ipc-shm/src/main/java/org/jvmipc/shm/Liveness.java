package org.jvmipc.shm;

import org.jvmipc.posix.ProcessIdentity;

/** Tells whether participants live. */
final class Liveness {
    private static final int MAX_NAME = 100;

    private Liveness() {
    }

    /** This process, as it puts itself into a slot. */
    static Participant self(boolean maySleep) {
        ProcessIdentity self = ProcessIdentity.current();
        return new Participant(self.pid(), self.startTime(), self.pidNamespace(), mainClass(), "");
    }

    /** Whether a participant must be taken for alive. */
    static boolean isAlive(Participant who) {
        String text = ProcessIdentity.current().bootId() + ":" + who.pidNamespace() + ":" + who.pid() + ":"
                + who.startTicks();
        return ProcessIdentity.parse(text).map(ProcessIdentity::isAlive).orElse(true);
    }

    private static String mainClass() {
        String command = System.getProperty("sun.java.command", "?");
        int blank = command.indexOf(' ');
        String main = blank < 0 ? command : command.substring(0, blank);
        return main.length() > MAX_NAME ? main.substring(main.length() - MAX_NAME) : main;
    }
}
