package org.jvmipc.signals.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.SignalCalls;
import org.jvmipc.signals.Signal;

/** Whether all threads block a signal, so that it can be read; and becoming a process in which they do. */
public final class Blocking {
    /** Tells the process of this number that it has become another one already; its children are none of it. */
    private static final String MARK = "JVMIPC_RELAUNCHED";

    private Blocking() {
    }

    /** Those that some thread does not block. */
    public static List<Signal> notBlocked(Collection<Signal> signals) {
        long blocked = OwnStatus.blockedEverywhere();
        return signals.stream().filter(signal -> !OwnStatus.contains(blocked, signal)).toList();
    }

    /** What to do about signals that are not blocked. */
    static String advice(Collection<Signal> signals) {
        String names = signals.stream().map(Signal::name).collect(Collectors.joining(","));
        boolean ends = signals.stream().anyMatch(Refusals::endsJvm);
        return "start the JVM by \"env --block-signal=" + names + " java ...\" (or the ipc launcher with "
                + "IPC_BLOCK_SIGNALS=" + names + "), or call Signals.relaunchBlocked first in main"
                + (ends ? "; HUP, INT and TERM need -Xrs as well, or else Signals.on" : "");
    }

    static long set(Collection<Signal> signals) {
        long set = 0;
        for (Signal signal : signals) {
            set |= OwnStatus.bit(signal);
        }
        return set;
    }

    /** See {@link org.jvmipc.signals.Signals#relaunchBlocked}. */
    public static void relaunch(Collection<Signal> signals) {
        List<Signal> missing = notBlocked(signals);
        if (missing.isEmpty()) {
            return;
        }
        String self = String.valueOf(ProcessHandle.current().pid());
        if (self.equals(System.getenv(MARK))) {
            throw new IllegalStateException("the JVM has relaunched itself already, and does not block " + missing
                    + "; " + advice(missing));
        }
        List<byte[]> command = strings(Path.of("/proc/self/cmdline"));
        List<byte[]> environment = strings(Path.of("/proc/self/environ"));
        environment.removeIf(line -> new String(line, StandardCharsets.ISO_8859_1).startsWith(MARK + "="));
        environment.add((MARK + "=" + self).getBytes(StandardCharsets.US_ASCII));
        long before = OwnStatus.blockedHere();
        // The JVM blocks QUIT in its Java threads, for itself.
        long wanted = (before | set(signals)) & ~OwnStatus.bit(Signal.QUIT);
        NativeCallException.check(SignalCalls.block(wanted), "pthread_sigmask", signals.toString());
        int error = SignalCalls.become("/proc/self/exe", command, environment);
        SignalCalls.block(before);
        throw new NativeCallException("execve", "/proc/self/exe", error);
    }

    /** Strings that each have a NUL behind them. */
    private static List<byte[]> strings(Path file) {
        try {
            byte[] all = Files.readAllBytes(file);
            List<byte[]> result = new ArrayList<>();
            int start = 0;
            for (int i = 0; i < all.length; i++) {
                if (all[i] == 0) {
                    result.add(Arrays.copyOfRange(all, start, i));
                    start = i + 1;
                }
            }
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
