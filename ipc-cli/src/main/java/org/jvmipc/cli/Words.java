package org.jvmipc.cli;

import java.time.Duration;
import java.time.Instant;

/** Numbers and texts as people read them. */
final class Words {
    private static final String NONE = "-";
    private static final String[] UNITS = {"B", "K", "M", "G", "T", "P", "E"};
    private static final String[] THOUSANDS = {"", "k", "M", "G"};
    private static final long KILO = 1024;

    private Words() {
    }

    /** Bytes: {@code 512B}, {@code 1.5K}, {@code 64M}. */
    static String bytes(long bytes) {
        if (bytes < 0) {
            return NONE;
        }
        int unit = 0;
        long whole = bytes;
        long tenths = 0;
        while (whole >= KILO) {
            tenths = whole % KILO * 10 / KILO;
            whole /= KILO;
            unit++;
        }
        return whole + (unit > 0 && whole < 100 && tenths > 0 ? "." + tenths : "") + UNITS[unit];
    }

    /** How many, of what is counted: {@code 0}, {@code 0.4}, {@code 250}, {@code 1.5k}, {@code 12M}. */
    static String count(double count) {
        double rest = count;
        int unit = 0;
        while (rest >= 999.5 && unit < THOUSANDS.length - 1) {
            rest /= 1000;
            unit++;
        }
        boolean tenths = rest < 9.95 && rest >= 0.05 && (unit > 0 || rest < 0.95);
        return (tenths ? Math.round(rest * 10) / 10.0 : (Object) Math.round(rest)) + THOUSANDS[unit];
    }

    /** A time that has passed: {@code 350ms}, {@code 12s}, {@code 5m}, {@code 3h}, {@code 2d}. */
    static String age(Duration age) {
        long seconds = Math.max(0, age.getSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m";
        }
        return seconds < 86_400 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
    }

    static String since(Instant since, Instant now) {
        return since == null ? NONE : age(Duration.between(since, now));
    }

    static String millis(long millis) {
        return millis < 0 ? NONE : millis < 10_000 ? millis + "ms" : age(Duration.ofMillis(millis));
    }

    static String number(long number) {
        return number < 0 ? NONE : Long.toString(number);
    }

    /** What others wrote may contain anything; a terminal is to show it and not to obey it. */
    static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean control = c < ' ' || c >= 0x7f && c < 0xa0;
            out.append(control ? '?' : c);
        }
        return out.toString();
    }
}
