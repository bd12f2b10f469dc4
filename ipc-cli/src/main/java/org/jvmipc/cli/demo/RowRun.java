package org.jvmipc.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One row: starts the producer, which starts the consumer, and gathers what they tell. Used once, by one thread. */
final class RowRun {
    /** Both tell something several times a second. */
    private static final Duration STALL = Duration.ofSeconds(30);
    private static final int END_SECONDS = 10;
    private static final int MOST_ERROR_OUTPUT = 64 << 10;
    private static final String END = "end";

    private final Variant variant;
    private final Assignment assignment;
    private final Children children;
    private final Consumer<String> progress;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final StringBuffer errorOutput = new StringBuffer();
    private final List<String> problems = new ArrayList<>();

    private long sent = -1;
    private String skipped = "";
    private Arrival arrival;
    private double medianMicros = Double.NaN;
    private double p99Micros = Double.NaN;

    RowRun(Variant variant, Assignment assignment, Children children, Consumer<String> progress) {
        this.variant = variant;
        this.assignment = assignment;
        this.children = children;
        this.progress = progress;
    }

    /**
     * Runs it.
     *
     * @return what came out; nothing if the whole run is to end
     */
    Optional<RowResult> run() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                ChildCommand.of(Producer.class, options(), assignment.toArguments().toArray(String[]::new)));
        builder.environment().put("IPC_HOME", assignment.workspace().resolve("home").toString());
        Process producer = children.start(builder);
        if (producer == null) {
            return Optional.empty();
        }
        Thread out = follow(producer.getInputStream(), lines::add);
        Thread err = follow(producer.getErrorStream(), this::keepErrorOutput);
        try {
            listen();
            awaitExit(producer);
        } finally {
            children.kill();
            producer.waitFor();
            out.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
            err.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
            producer.getOutputStream().close();
        }
        return children.isStopping(producer.exitValue()) ? Optional.empty() : Optional.of(result());
    }

    private static List<String> options() {
        String fault = System.getProperty(FaultyOut.PROPERTY);
        return fault == null ? List.of() : List.of("-D" + FaultyOut.PROPERTY + "=" + fault);
    }

    /** Until both processes have closed their output. */
    private Thread follow(InputStream stream, Consumer<String> each) {
        Thread thread = new Thread(() -> {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    each.accept(line);
                }
            } catch (IOException closed) {
                each.accept("error the output of the processes broke off: " + closed.getMessage());
            }
            lines.add(END);
        }, "follow");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void keepErrorOutput(String line) {
        if (errorOutput.length() < MOST_ERROR_OUTPUT) {
            errorOutput.append(line).append('\n');
        }
    }

    private void listen() throws InterruptedException {
        for (int ended = 0; ended < 2;) {
            String line = lines.poll(STALL.toSeconds(), TimeUnit.SECONDS);
            if (line == null) {
                problems.add("nothing moved for " + STALL.toSeconds() + " s");
                return;
            }
            if (line.equals(END)) {
                ended++;
            } else {
                understand(line);
            }
        }
    }

    private void understand(String line) {
        int blank = line.indexOf(' ');
        String word = blank < 0 ? line : line.substring(0, blank);
        String rest = line.substring(blank + 1);
        switch (word) {
            case "progress" -> progress.accept(rest);
            case "sent" -> sent = Long.parseLong(rest);
            case "received" -> arrival = Arrival.parse(rest);
            case "error" -> problems.add(rest);
            case "skipped" -> skipped = rest;
            case "roundtrip" -> {
                String[] numbers = rest.split(" ");
                if (!numbers[0].equals("0")) {
                    medianMicros = Double.parseDouble(numbers[1]);
                    p99Micros = Double.parseDouble(numbers[2]);
                }
            }
            default -> problems.add("a process wrote: " + line);
        }
    }

    private void awaitExit(Process producer) throws InterruptedException {
        if (problems.isEmpty() && !producer.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            problems.add("the producer did not end");
        }
    }

    private RowResult result() {
        if (!skipped.isEmpty()) {
            return RowResult.skipped(variant, skipped);
        }
        Arrival came = arrival == null ? new Arrival(0, false, 0, 0, Faults.NONE) : arrival;
        Faults faults = came.faults();
        if (faults.any()) {
            problems.add(faults.first());
        }
        if (sent < 0) {
            problems.add("the producer did not get to its last message");
        } else if (arrival == null) {
            problems.add("the consumer did not tell what it got");
        } else if (came.messages() != sent) {
            problems.add("sent " + sent + " messages, " + came.messages() + " came");
        }
        if (sent > 0 && !came.finished()) {
            faults = new Faults(Math.max(faults.lost(), sent - came.messages()), faults.changed(),
                    faults.disordered(), faults.first());
        }
        int size = assignment.load().size();
        return new RowResult(variant, came.messages(), came.messages() * size, faults,
                Speed.of(came, size, medianMicros, p99Micros), List.copyOf(problems), errorOutput.toString());
    }
}
