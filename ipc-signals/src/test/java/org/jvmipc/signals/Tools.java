package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;

/** Other programs. */
final class Tools {
    private Tools() {
    }

    /** Runs a program to its end, which must be a good one, and gives what it printed. */
    static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Assertions.assertTrue(process.waitFor(30, TimeUnit.SECONDS), () -> String.join(" ", command) + " hangs");
            assertEquals(0, process.exitValue(), () -> String.join(" ", command) + ": " + said);
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    /** How many signals may be pending for a process, soft limit. */
    static String pendingLimit(long pid) throws IOException, InterruptedException {
        return run("prlimit", "--pid", String.valueOf(pid), "--sigpending", "--noheadings", "--raw", "--output=SOFT")
                .strip();
    }

    /**
     * What stands before the command of a process whose queue is to be soon full. In a user namespace of its own where
     * that is allowed: then what is pending for other processes does not count.
     */
    static String[] pendingAtMost(int limit) throws IOException, InterruptedException {
        String[] alone = {"unshare", "--user", "--map-root-user"};
        String[] limited = {"prlimit", "--sigpending=" + limit};
        Process probe = new ProcessBuilder(Stream.concat(Stream.of(alone), Stream.of("true")).toList())
                .redirectErrorStream(true).start();
        probe.getInputStream().readAllBytes();
        return probe.waitFor() == 0
                ? Stream.concat(Stream.of(alone), Stream.of(limited)).toArray(String[]::new) : limited;
    }

    /** Sets it, such as {@code 100:} for the soft limit alone. */
    static void limitPending(long pid, String limit) throws IOException, InterruptedException {
        run("prlimit", "--pid", String.valueOf(pid), "--sigpending=" + limit);
    }
}
