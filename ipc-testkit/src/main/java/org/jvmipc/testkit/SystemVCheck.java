package org.jvmipc.testkit;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Shared memory of System V that this process has made, or a child that the test started. It has no name to tell whose
 * it is, but the kernel remembers who made it. What was removed, and is mapped still, does not count.
 */
final class SystemVCheck implements DebrisCheck {

    private static final long REMOVING_SECONDS = 5;

    private final Supplier<List<Long>> children;
    private final Set<ProcFs.SystemVMemory> before = Set.copyOf(ProcFs.systemVMemory());

    SystemVCheck(Supplier<List<Long>> children) {
        this.children = children;
    }

    @Override
    public DebrisKind kind() {
        return DebrisKind.SHARED_OBJECT;
    }

    @Override
    public List<String> leftovers() {
        return found().stream().map(ProcFs.SystemVMemory::toString).toList();
    }

    private List<ProcFs.SystemVMemory> found() {
        Set<Long> makers = children.get().stream().collect(Collectors.toSet());
        makers.add(ProcFs.self());
        return ProcFs.systemVMemory().stream()
                .filter(memory -> makers.contains(memory.creator()) && !before.contains(memory)).toList();
    }

    @Override
    public void remove() {
        for (ProcFs.SystemVMemory memory : found()) {
            try {
                new ProcessBuilder("ipcrm", "-m", String.valueOf(memory.id()))
                        .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
                        .waitFor(REMOVING_SECONDS, TimeUnit.SECONDS);
            } catch (IOException e) {
                // no such command here: reported anyway
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
