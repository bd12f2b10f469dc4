package org.jvmipc.signals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A signal of Linux, by number and name. Immutable.
 *
 * <p>Real-time signals are counted from {@link #FIRST_REAL_TIME}, as the C library does, which keeps two of them for
 * itself.
 */
public final class Signal implements Comparable<Signal> {
    /** The number of RTMIN as the C library has it. */
    public static final int FIRST_REAL_TIME = 34;
    /** The number of RTMAX. */
    public static final int LAST_REAL_TIME = 64;

    private static final Map<String, Signal> BY_NAME = new TreeMap<>();
    private static final Signal[] BY_NUMBER = new Signal[LAST_REAL_TIME + 1];

    static {
        String[] names = {"HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
            "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ",
            "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS"};
        for (int i = 0; i < names.length; i++) {
            add(i + 1, names[i]);
        }
        for (int number = FIRST_REAL_TIME; number <= LAST_REAL_TIME; number++) {
            int n = number - FIRST_REAL_TIME;
            add(number, n == 0 ? "RTMIN" : "RTMIN+" + n);
        }
        BY_NAME.put("POLL", BY_NAME.get("IO"));
        BY_NAME.put("CLD", BY_NAME.get("CHLD"));
        BY_NAME.put("IOT", BY_NAME.get("ABRT"));
        for (int n = 0; n <= LAST_REAL_TIME - FIRST_REAL_TIME; n++) {
            BY_NAME.put(n == 0 ? "RTMAX" : "RTMAX-" + n, BY_NUMBER[LAST_REAL_TIME - n]);
        }
    }

    /** The terminal was closed; by custom: read the configuration again. */
    public static final Signal HUP = of("HUP");
    /** Interrupt from the keyboard (Ctrl-C). */
    public static final Signal INT = of("INT");
    /** Quit from the keyboard; the JVM answers with a thread dump. */
    public static final Signal QUIT = of("QUIT");
    /** Cannot be handled: ends the process at once. */
    public static final Signal KILL = of("KILL");
    /** For the program to use. */
    public static final Signal USR1 = of("USR1");
    /** For the program to use in other languages; HotSpot keeps it for itself. */
    public static final Signal USR2 = of("USR2");
    /** A time has come. */
    public static final Signal ALRM = of("ALRM");
    /** The polite request to end. */
    public static final Signal TERM = of("TERM");
    /** A child has ended or was stopped. */
    public static final Signal CHLD = of("CHLD");
    /** Goes on after STOP. */
    public static final Signal CONT = of("CONT");
    /** Cannot be handled: stops the process until CONT. */
    public static final Signal STOP = of("STOP");
    /** The terminal has another size. */
    public static final Signal WINCH = of("WINCH");

    private final int number;
    private final String name;

    private Signal(int number, String name) {
        this.number = number;
        this.name = name;
    }

    private static void add(int number, String name) {
        Signal signal = new Signal(number, name);
        BY_NUMBER[number] = signal;
        BY_NAME.put(name, signal);
    }

    /**
     * Finds a signal.
     *
     * @param text its name with or without SIG, in any case, such as {@code TERM}, {@code SIGUSR1}, {@code RTMIN+3} or
     *     {@code RTMAX-1}; or its number
     * @return the signal
     * @throws IllegalArgumentException if there is none
     */
    public static Signal of(String text) {
        String bare = text.toUpperCase(Locale.ROOT);
        bare = bare.startsWith("SIG") ? bare.substring("SIG".length()) : bare;
        if (bare.matches("\\d{1,3}")) {
            return of(Integer.parseInt(bare));
        }
        Signal signal = BY_NAME.get(bare);
        if (signal == null) {
            throw new IllegalArgumentException("\"" + text + "\" is no signal; there are the numbers 1 to "
                    + LAST_REAL_TIME + ", RTMIN to RTMIN+" + (LAST_REAL_TIME - FIRST_REAL_TIME) + ", and "
                    + standard());
        }
        return signal;
    }

    /**
     * Finds a signal by its number.
     *
     * @param number 1 to 64 without 32 and 33, which the C library keeps for itself
     * @return the signal
     * @throws IllegalArgumentException if there is none
     */
    public static Signal of(int number) {
        if (number < 1 || number > LAST_REAL_TIME || BY_NUMBER[number] == null) {
            throw new IllegalArgumentException("there is no signal " + number + "; there are 1 to 31 and "
                    + FIRST_REAL_TIME + " to " + LAST_REAL_TIME);
        }
        return BY_NUMBER[number];
    }

    /**
     * The real-time signal RTMIN+n.
     *
     * @param n 0 to 30
     * @return the signal
     * @throws IllegalArgumentException if there is none
     */
    public static Signal realTime(int n) {
        if (n < 0 || n > LAST_REAL_TIME - FIRST_REAL_TIME) {
            throw new IllegalArgumentException("there is no signal RTMIN+" + n + "; n is 0 to "
                    + (LAST_REAL_TIME - FIRST_REAL_TIME));
        }
        return BY_NUMBER[FIRST_REAL_TIME + n];
    }

    private static List<String> standard() {
        List<String> names = new ArrayList<>();
        for (int i = 1; i < FIRST_REAL_TIME - 2; i++) {
            names.add(BY_NUMBER[i].name);
        }
        return Collections.unmodifiableList(names);
    }

    /**
     * The signal's number.
     *
     * @return 1 to 64
     */
    public int number() {
        return number;
    }

    /**
     * The signal's name.
     *
     * @return without SIG, such as {@code TERM} or {@code RTMIN+3}
     */
    public String name() {
        return name;
    }

    /**
     * Whether the kernel keeps such signals in a queue.
     *
     * @return false for those of which only one is pending at a time
     */
    public boolean isRealTime() {
        return number >= FIRST_REAL_TIME;
    }

    @Override
    public int compareTo(Signal other) {
        return Integer.compare(number, other.number);
    }

    /** Such as {@code SIGTERM}. */
    @Override
    public String toString() {
        return "SIG" + name;
    }
}
