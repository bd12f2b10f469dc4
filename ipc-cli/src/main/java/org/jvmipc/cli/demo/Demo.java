package org.jvmipc.cli.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Runs the rows, one after the other, and cleans up whatever happens. */
public final class Demo {
    private final List<Variant> variants;
    private final Load load;
    private final Report report;
    private final Progress progress;
    private final PrintWriter err;
    /** The row that is under way. */
    private volatile Assignment running;

    /**
     * A run to be started.
     *
     * @param variants the rows
     * @param load what each has to carry
     * @param report where results go
     * @param progress where progress goes
     * @param err where it says what went wrong
     */
    public Demo(List<Variant> variants, Load load, Report report, Progress progress, PrintWriter err) {
        this.variants = variants;
        this.load = load;
        this.report = report;
        this.progress = progress;
        this.err = err;
    }

    /**
     * Runs it. A signal that ends this process ends the children and removes all files first.
     *
     * @return the exit code: 0 if every row is verified
     * @throws IOException if files or processes cannot be made
     * @throws InterruptedException if the thread is interrupted
     */
    public int run() throws IOException, InterruptedException {
        Children children = new Children();
        Workspace workspace = Workspace.create();
        Thread hook = new Thread(() -> {
            children.stop();
            removeQueues();
            remove(workspace);
        }, "clean-up");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return runRows(children, workspace);
        } finally {
            children.kill();
            removeQueues();
            remove(workspace);
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException endingAlready) {
                // the hook has the same to do, which can be done twice
            }
        }
    }

    private int runRows(Children children, Workspace workspace) throws IOException, InterruptedException {
        List<RowResult> failed = new ArrayList<>();
        for (int row = 0; row < variants.size(); row++) {
            Variant variant = variants.get(row);
            progress.update(variant.label(), "starting");
            Assignment assignment = Assignment.of(variant, load, workspace, "row" + row);
            running = assignment;
            Optional<RowResult> result = new RowRun(variant, assignment, children,
                    state -> progress.update(variant.label(), state)).run();
            if (result.isEmpty()) {
                return Exit.INTERRUPTED;
            }
            report.row(result.get());
            progress.finish(variant.label(), outcome(result.get()));
            if (result.get().isFailed()) {
                removeQueues();
                failed.add(result.get());
            }
            running = null;
            if (!result.get().isFailed() && !result.get().errorOutput().isEmpty()) {
                err.print(result.get().errorOutput());
            }
        }
        report.end();
        failed.forEach(this::explain);
        err.flush();
        return failed.isEmpty() ? Exit.OK : Exit.FAILED;
    }

    private static String outcome(RowResult result) {
        return result.isSkipped() ? "skipped: " + result.skipped() : result.isVerified()
                ? String.format(Locale.ROOT, "%,d messages, verified", result.messages()) : "FAILED";
    }

    private void explain(RowResult result) {
        err.println("ipc: " + result.variant().label() + " failed:");
        result.problems().forEach(problem -> err.println("  " + problem));
        if (!result.errorOutput().isEmpty()) {
            err.println("  The processes wrote:");
            err.print(result.errorOutput().indent(4));
        }
    }

    /** Those of the row that was broken off, if any. */
    private void removeQueues() {
        Assignment row = running;
        running = null;
        if (row != null) {
            row.removeQueues();
        }
    }

    private void remove(Workspace workspace) {
        try {
            workspace.remove();
        } catch (IOException e) {
            err.println("ipc: cannot remove all files of the run: " + e.getMessage());
        }
    }
}
