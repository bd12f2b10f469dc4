package org.jvmipc.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the command starts. {@code ipc ls} with nothing but its simple options is done at once; all else, and whatever
 * is wrong, is up to {@link Main}. What that needs is of a format that class-data sharing of older JDKs does not take.
 */
public final class Start {
    private Start() {
    }

    /**
     * Runs the command and ends the JVM with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, false);
        int code = list(out, new PrintWriter(System.err, true), args);
        out.flush();
        if (code < 0) {
            Main.main(args);
        } else {
            Runtime.getRuntime().exit(code);
        }
    }

    /** The exit code, or -1 if that is not for here. */
    static int list(PrintWriter out, PrintWriter err, String... args) {
        if (args.length == 0 || !args[0].equals("ls")) {
            return -1;
        }
        boolean all = false;
        boolean json = false;
        List<Path> directories = new ArrayList<>();
        for (int i = 1; i < args.length; i++) {
            switch (args[i]) {
                case "-a", "--all" -> all = true;
                case "--json" -> json = true;
                default -> {
                    if (args[i].isEmpty() || args[i].charAt(0) == '-' || args[i].charAt(0) == '@') {
                        return -1;
                    }
                    directories.add(Path.of(args[i]));
                }
            }
        }
        try {
            return new Listing(out, err).run(directories, all, json);
        } catch (RuntimeException failed) {
            err.println("ipc: " + Failures.line(failed));
            return ExitCodes.of(failed);
        }
    }
}
