package org.jvmipc.signals.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jvmipc.Address;
import org.jvmipc.signals.Signal;
import org.jvmipc.spi.OptionValues;

/** What {@code signal:} addresses name: a process and its signals. */
final class SignalNames {
    private static final String SELF = "self";

    private SignalNames() {
    }

    /** The number of the process. */
    static int pid(Address address) {
        String name = address.name();
        if (SELF.equals(name)) {
            return self();
        }
        if (!name.matches("[1-9]\\d{0,9}") || Long.parseLong(name) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("\"" + name + "\" is no name for signal:, which takes the number of a "
                    + "process, 1 to " + Integer.MAX_VALUE + ", or self");
        }
        return Integer.parseInt(name);
    }

    static int self() {
        return Math.toIntExact(ProcessHandle.current().pid());
    }

    /** The signals, at least one. */
    static List<Signal> signals(OptionValues values) {
        List<Signal> signals = new ArrayList<>();
        for (String name : values.text("signal").split(",")) {
            signals.add(Signal.of(name));
        }
        return signals;
    }

    /** The address by which others send to this process. */
    static Address ofSelf(Address address, List<Signal> signals) {
        String names = signals.stream().map(Signal::name).collect(Collectors.joining(","));
        return address.withName(String.valueOf(self())).with("signal", names);
    }

    /** Whether it is one of those without which the JVM cannot be, or that nobody can block. */
    static boolean canBeBlocked(Signal signal) {
        return !Arrays.asList("KILL", "STOP", "SEGV", "BUS", "FPE", "ILL", "TRAP", "ABRT", "QUIT")
                .contains(signal.name()) && signal != Signal.USR2;
    }
}
