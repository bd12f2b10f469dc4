package org.jvmipc.spi;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One look at a machine: where to look, and what was read for it once that several need. Not thread-safe.
 */
public final class Inspection {
    private final List<Path> directories;
    private final boolean everything;
    private final Map<Class<?>, Object> shared = new HashMap<>();

    /**
     * Describes a look.
     *
     * @param directories to look into for files of the toolkit, beside where they are by default
     * @param everything whether to give also what other programs have
     */
    public Inspection(List<Path> directories, boolean everything) {
        this.directories = List.copyOf(directories);
        this.everything = everything;
    }

    /**
     * Where to look for files of the toolkit, beside where they are by default.
     *
     * @return directories, without those in them
     */
    public List<Path> directories() {
        return directories;
    }

    /**
     * Whether to give also what other programs have, such as shared memory of foreign names.
     *
     * @return false for what the toolkit and other JVMs use, and the queues, memory and semaphores of the kernel
     */
    public boolean everything() {
        return everything;
    }

    /**
     * Reads something once for all who look.
     *
     * @param <T> what
     * @param type stands for it
     * @param read reads it
     * @return what was read at the first call
     */
    public <T> T once(Class<T> type, Supplier<T> read) {
        Object known = shared.get(type);
        if (known == null) {
            known = read.get();
            shared.put(type, known);
        }
        return type.cast(known);
    }
}
