package org.jvmipc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jvmipc.cli.demo.LineProgress;
import org.jvmipc.cli.demo.LiveProgress;
import org.jvmipc.cli.demo.Progress;

/** What the standard streams are connected to. */
final class Terminal {
    private Terminal() {
    }

    /** {@link System#console} tells nothing of a single stream, so the kernel is asked where there is one to ask. */
    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return (target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console"))
                    && !"dumb".equals(System.getenv("TERM"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Whether a text can be drawn over there. */
    static boolean isScreen(int descriptor) {
        return isTerminal(descriptor);
    }

    static boolean hasColour(int descriptor) {
        String noColour = System.getenv("NO_COLOR");
        return (noColour == null || noColour.isEmpty()) && isTerminal(descriptor);
    }

    static Progress progress(boolean quiet, PrintWriter err) {
        if (quiet) {
            return Progress.NONE;
        }
        return isTerminal(2) ? new LiveProgress(err) : new LineProgress(err);
    }
}
