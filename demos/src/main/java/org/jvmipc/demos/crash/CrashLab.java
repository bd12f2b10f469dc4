package org.jvmipc.demos.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.demos.Demos;

/**
 * Things go wrong on purpose: a process is killed, or stopped, a disk is full, a file is cut off under those who use
 * it. Shows what the others see of it.
 */
public final class CrashLab {
    private static final String USAGE = """
            Usage: ipc run crash-lab [kill|stop|full-disk|truncate]...
            Makes things go wrong, and shows what others see of it; without arguments it asks for what.
              kill       kill -9 hits a process in the middle of a message, with a lock, a permit and a block
              stop       a process that has a lock and is to receive is stopped, and goes on
              full-disk  there is no room for a ring, and then for the messages of a queue on disk
              truncate   a ring's file is cut off: while nobody has it open, while somebody has, and one that cannot be
            Fails if something else comes of it than what the documents say.""";

    /** What can go wrong. */
    private enum Fault {
        KILL("kill", "kill -9 hits a process that has all kinds of things", Killed::show),
        STOP("stop", "SIGSTOP, and SIGCONT some time later", Stopped::show),
        FULL_DISK("full-disk", "the disk is full", FullDisk::show),
        TRUNCATE("truncate", "a ring's file is cut off", Truncated::show);

        private final String word;
        private final String what;
        private final Scene scene;

        Fault(String word, String what, Scene scene) {
            this.word = word;
            this.what = what;
            this.scene = scene;
        }

        /** By its word, or its number in the menu; null if there is none. */
        static Fault of(String answer) {
            for (Fault fault : values()) {
                if (fault.word.equals(answer) || String.valueOf(fault.ordinal() + 1).equals(answer)) {
                    return fault;
                }
            }
            return null;
        }

        void play() throws Exception {
            Demos.say("%n--- %s: %s", word, what);
            try (Lab lab = new Lab(word)) {
                scene.play(lab);
            }
        }
    }

    /** Has something go wrong. */
    private interface Scene {
        void play(Lab lab) throws Exception;
    }

    private CrashLab() {
    }

    /**
     * Plays the scenes that are named, or asks for them.
     *
     * @param args their names
     * @throws Exception whatever is not as it should be
     */
    public static void main(String[] args) throws Exception {
        if (Demos.helps(args, USAGE)) {
            return;
        }
        List<Fault> faults = new ArrayList<>();
        for (String word : args) {
            Fault fault = Fault.of(word);
            if (fault == null) {
                throw new IllegalArgumentException("\"" + word + "\" is none of what can go wrong here\n" + USAGE);
            }
            faults.add(fault);
        }
        for (Fault fault : faults) {
            fault.play();
        }
        if (faults.isEmpty()) {
            ask();
        }
    }

    private static void ask() throws Exception {
        BufferedReader answers = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        for (String answer = next(answers); answer != null && !answer.equals("q"); answer = next(answers)) {
            Fault fault = Fault.of(answer);
            if (fault == null) {
                Demos.say("\"%s\" is none of these", answer);
            } else {
                fault.play();
            }
        }
    }

    private static String next(BufferedReader answers) throws IOException {
        Demos.say("%nWhat is to go wrong?");
        for (Fault fault : Fault.values()) {
            Demos.say("  %d  %-10s %s", fault.ordinal() + 1, fault.word, fault.what);
        }
        Demos.say("  q  leave");
        String answer = answers.readLine();
        return answer == null ? null : answer.strip();
    }
}
