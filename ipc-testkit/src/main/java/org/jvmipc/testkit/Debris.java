package org.jvmipc.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Compares what there is after a test with what there was before: files, shared memory, descriptors, mappings,
 * processes, threads. For use without {@link IpcDir}:
 *
 * <pre>{@code
 * Debris debris = Debris.snapshot(directory, "t17-");
 * ... open and close channels in the directory, or with names that begin with the prefix ...
 * debris.assertNone();
 * }</pre>
 *
 * <p>Descriptors, mappings, processes and threads belong to the whole JVM, so tests that are checked must not run at
 * the same time in one JVM. Whatever goes away by itself is waited for. Used by one thread.
 *
 * <p>The system property {@code ipc.testkit.relax} switches kinds off for a whole run: names of {@link DebrisKind},
 * separated by commas. The property {@code ipc.testkit.settle} is the time in milliseconds, 3000 by default, that
 * {@link #assertNone} gives things to go away by themselves.
 */
public final class Debris {

    private static final String RELAX_PROPERTY = "ipc.testkit.relax";
    private static final String SETTLE_PROPERTY = "ipc.testkit.settle";
    private static final int SETTLE_MILLIS = 3000;

    private final Map<DebrisKind, String> relaxed = Collections.synchronizedMap(new EnumMap<>(DebrisKind.class));
    private final Set<Path> declared = ConcurrentHashMap.newKeySet();
    private final Set<Integer> keys = ConcurrentHashMap.newKeySet();
    private final List<DebrisCheck> checks = new ArrayList<>();

    private Debris(Path directory, String prefix) {
        int childrenBefore = ChildProcess.started().size();
        checks.add(FileCheck.directory(directory, declared));
        checks.add(FileCheck.sharedObjects(prefix));
        checks.add(SystemVKeyCheck.semaphoreSets(keys::contains));
        checks.add(SystemVKeyCheck.messageQueues(keys::contains));
        Supplier<List<Long>> children = () -> {
            List<Long> started = ChildProcess.started();
            return started.subList(childrenBefore, started.size());
        };
        checks.add(new SystemVCheck(children));
        checks.add(FileCheck.registry(prefix, children));
        checks.add(new DescriptorCheck(prefix));
        checks.add(new ProcessCheck());
        checks.add(new ThreadCheck());
        // Last, because it runs the GC, and a descriptor that only the GC closes is debris all the same.
        checks.add(new MappingCheck(directory, prefix));
        Arrays.stream(System.getProperty(RELAX_PROPERTY, "").split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .forEach(name -> relax(DebrisKind.valueOf(name.toUpperCase(Locale.ROOT)), RELAX_PROPERTY));
    }

    /**
     * Remembers what there is now.
     *
     * @param directory the directory that belongs to the test; need not exist
     * @param prefix a text that is part of every name the test gives to a shared object, and of no other name
     * @return the state to compare with later
     * @throws IllegalArgumentException if the prefix is empty, or {@code ipc.testkit.relax} names no kind
     */
    public static Debris snapshot(Path directory, String prefix) {
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException("an empty prefix would make everybody's shared objects debris");
        }
        return new Debris(directory.toAbsolutePath(), prefix);
    }

    /**
     * Leaves one kind out.
     *
     * @param kind what not to look for
     * @param reason why the test cannot help leaving it
     * @return this
     * @throws IllegalArgumentException if no reason is given
     */
    public Debris relax(DebrisKind kind, String reason) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("why may the test leave a " + kind + "? Give a reason");
        }
        relaxed.put(kind, reason);
        return this;
    }

    /**
     * Declares that a file, or a directory and everything in it, may be left in the test's directory.
     *
     * @param path its absolute path
     * @return this
     */
    public Debris mayLeave(Path path) {
        declared.add(path.toAbsolutePath());
        return this;
    }

    /**
     * Looks for a semaphore set and a message queue of System V, too.
     *
     * @param key by which they are found, if they are there
     * @return this
     */
    public Debris key(int key) {
        keys.add(key);
        return this;
    }

    /**
     * Looks for debris until there is none, or the time is over.
     *
     * @param settle how long to wait for things to go away by themselves; twice that if both mappings and other
     *     things are left
     * @return what is left; empty if all is well
     */
    public List<DebrisItem> find(Duration settle) {
        List<DebrisItem> found = new ArrayList<>();
        List<DebrisCheck> active = checks.stream().filter(check -> !relaxed.containsKey(check.kind())).toList();
        Map<Boolean, List<DebrisCheck>> byNeedOfGc = active.stream()
                .collect(Collectors.partitioningBy(check -> check.kind() == DebrisKind.MAPPING));
        for (boolean gc : new boolean[] {false, true}) {
            List<DebrisCheck> group = byNeedOfGc.get(gc);
            if (!Await.holds(settle, () -> items(group).isEmpty())) {
                found.addAll(items(group));
            }
        }
        return List.copyOf(found);
    }

    private static List<DebrisItem> items(Collection<DebrisCheck> checks) {
        return checks.stream()
                .flatMap(check -> check.leftovers().stream().map(what -> new DebrisItem(check.kind(), what)))
                .toList();
    }

    /**
     * Does away with what is left, also of the kinds that are left out: deletes files and shared objects, kills
     * processes, interrupts threads. Descriptors and mappings cannot be taken from their owners; a later snapshot
     * takes them as given.
     */
    public void remove() {
        checks.forEach(DebrisCheck::remove);
    }

    /**
     * Looks for debris and removes it.
     *
     * @throws AssertionError if there was any, naming each thing
     */
    public void assertNone() {
        List<DebrisItem> found = find(Duration.ofMillis(Integer.getInteger(SETTLE_PROPERTY, SETTLE_MILLIS)));
        remove();
        if (!found.isEmpty()) {
            throw new AssertionError("left behind:" + found.stream()
                    .map(item -> "\n    " + item)
                    .collect(Collectors.joining()));
        }
    }
}
