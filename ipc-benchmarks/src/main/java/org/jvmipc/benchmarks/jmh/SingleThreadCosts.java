package org.jvmipc.benchmarks.jmh;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs {@link SingleThread} and {@link UncontendedLocks}, or those that are named, with what JMH allows on its command
 * line, and tells what is allocated, too.
 */
public final class SingleThreadCosts {
    private SingleThreadCosts() {
    }

    /**
     * Runs it.
     *
     * @param args options of JMH
     * @throws RunnerException if a benchmark fails
     * @throws CommandLineOptionException if an option is wrong
     */
    public static void main(String[] args) throws RunnerException, CommandLineOptionException {
        CommandLineOptions given = new CommandLineOptions(args);
        ChainedOptionsBuilder options = new OptionsBuilder()
                .parent(given)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
        if (given.getIncludes().isEmpty()) {
            options.include(SingleThread.class.getName()).include(UncontendedLocks.class.getName());
        }
        new Runner(options.build()).run();
    }
}
