package org.jvmipc.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs in C, compiled from this module's resources into a directory of their own, which goes when closed. */
final class CPrograms implements AutoCloseable {
    /** How they are compiled. */
    static final List<String> COMPILER = List.of("gcc", "-O2", "-march=native");

    private static final List<String> SOURCES = List.of("common.h", "pingpong.c", "ring.c", "copy.c", "wake.c",
            "lock.c", "queue.c", "signal.c", "first.c");
    private static final long COMPILE_MILLIS = 60_000;

    private final Path directory;

    private CPrograms(Path directory) {
        this.directory = directory;
    }

    /** Whether there is a compiler. */
    static boolean isAvailable() {
        return Cpus.findCommand(COMPILER.get(0)) != null;
    }

    static CPrograms create() throws IOException {
        CPrograms programs = new CPrograms(Files.createTempDirectory("jvmipc-bench-c-"));
        try {
            for (String source : SOURCES) {
                programs.copy(source);
            }
            return programs;
        } catch (IOException | RuntimeException failed) {
            programs.delete();
            throw failed;
        }
    }

    private void copy(String source) throws IOException {
        try (InputStream in = CPrograms.class.getResourceAsStream(source)) {
            if (in == null) {
                throw new IOException("the resource " + source + " is missing from this build");
            }
            Files.copy(in, directory.resolve(source));
        }
    }

    /** Compiles a program, unless there is one of that name already. */
    void compile(String program, String source, int size, List<String> flags) throws InterruptedException {
        if (Files.exists(directory.resolve(program))) {
            return;
        }
        List<String> command = new ArrayList<>(COMPILER);
        command.add("-DMESSAGE=" + size);
        command.addAll(flags);
        command.addAll(List.of("-o", directory.resolve(program).toString(), directory.resolve(source).toString()));
        try (Program compiler = Program.start(command)) {
            compiler.finish(COMPILE_MILLIS);
        }
    }

    /** What to start a program by that was compiled. */
    String command(String program) {
        return directory.resolve(program).toString();
    }

    /** Runs a program that prints one line of numbers. */
    Numbers run(String program, long patienceMillis, long... args) throws InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(command(program));
        for (long arg : args) {
            command.add(Long.toString(arg));
        }
        try (Program running = Program.start(command)) {
            Numbers numbers = Numbers.parse(running.line(patienceMillis));
            running.finish(patienceMillis);
            return numbers;
        }
    }

    /** Deletes the programs; what cannot be deleted stays. */
    void delete() {
        File[] files = directory.toFile().listFiles();
        for (File file : files == null ? new File[0] : files) {
            file.delete();
        }
        directory.toFile().delete();
    }

    @Override
    public void close() {
        delete();
        if (Files.exists(directory)) {
            throw new UncheckedIOException(new IOException(directory + " could not be deleted"));
        }
    }
}
