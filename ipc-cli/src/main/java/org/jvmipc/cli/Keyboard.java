package org.jvmipc.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The keys of the terminal, one by one and not shown, until it is closed. Does nothing if there is none, or if the
 * process is in its background: then it may not change how it works.
 */
final class Keyboard implements AutoCloseable {
    /** The group of this process, and the one in the foreground, in what follows the name in {@code /proc/…/stat}. */
    private static final int GROUP = 2;
    private static final int FOREGROUND = 5;
    private static final long PATIENCE_SECONDS = 2;

    private final CountDownLatch quit = new CountDownLatch(1);
    /** How the terminal was set, as stty says and takes it; null if nothing is to be restored. */
    private String saved;

    private Keyboard() {
    }

    /** One that nobody can press. */
    static Keyboard none() {
        return new Keyboard();
    }

    static Keyboard open() throws InterruptedException {
        Keyboard keyboard = new Keyboard();
        keyboard.begin();
        return keyboard;
    }

    private void begin() throws InterruptedException {
        if (!Terminal.isScreen(0) || !isInForeground()) {
            return;
        }
        String settings = stty("-g");
        if (settings == null || settings.isEmpty() || stty("-icanon", "-echo", "min", "1", "time", "0") == null) {
            return;
        }
        saved = settings;
        Thread reader = new Thread(this::read, "keyboard");
        reader.setDaemon(true);
        reader.start();
    }

    private static boolean isInForeground() {
        try {
            String text = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
            String[] field = text.substring(text.lastIndexOf(')') + 2).split(" ");
            return field.length > FOREGROUND && field[GROUP].equals(field[FOREGROUND]);
        } catch (IOException unknown) {
            return false;
        }
    }

    private void read() {
        try {
            for (int key = System.in.read(); key >= 0; key = System.in.read()) {
                if (key == 'q' || key == 'Q') {
                    quit.countDown();
                }
            }
        } catch (IOException gone) {
            // The terminal has gone, and SIGHUP comes.
            return;
        }
    }

    /** Whether there are keys to be pressed. */
    boolean isThere() {
        return saved != null;
    }

    /** Waits for a time, or until somebody presses q. */
    boolean awaitQuit(Duration time) throws InterruptedException {
        return quit.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** What stty says with the terminal of this process; null if it fails. */
    private static String stty(String... args) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(args));
        Process process = null;
        try {
            process = new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                return null;
            }
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
        } catch (IOException missing) {
            return null;
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }

    /** Rows and columns of the terminal; 24 and 80 if it does not tell. */
    static int[] size() throws InterruptedException {
        String text = stty("size");
        if (text != null && text.matches("[1-9]\\d{0,4} [1-9]\\d{0,4}")) {
            String[] field = text.split(" ");
            return new int[] {Integer.parseInt(field[0]), Integer.parseInt(field[1])};
        }
        return new int[] {24, 80};
    }

    @Override
    public void close() {
        restore();
    }

    /** Leaves the terminal as it was. Also from a shutdown hook, so that it is for whoever comes first. */
    synchronized void restore() {
        if (saved != null) {
            try {
                stty(saved);
                saved = null;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
