package org.jvmipc.internal;

import org.jvmipc.PeerInfo;

/** This process as its peers see it. */
public final class Self {
    private static final int MAX_NAME = 100;
    private static final PeerInfo INFO = new PeerInfo(ProcessHandle.current().pid(), name());

    private Self() {
    }

    /**
     * This process.
     *
     * @return its pid and main class
     */
    public static PeerInfo info() {
        return INFO;
    }

    private static String name() {
        String command = System.getProperty("sun.java.command", "?");
        int blank = command.indexOf(' ');
        String main = blank < 0 ? command : command.substring(0, blank);
        return main.length() > MAX_NAME ? main.substring(main.length() - MAX_NAME) : main;
    }
}
