package org.jvmipc.testkit;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Processes that this one has started and that still run. The kernel gives numbers of processes again only after all
 * others, so one that was there before is none that was started since, and only those that are new are looked at:
 * {@link ProcessHandle#children} opens files of each process of the machine.
 */
final class ProcessCheck implements DebrisCheck {

    private final Set<Long> before = ProcFs.processes();

    @Override
    public DebrisKind kind() {
        return DebrisKind.PROCESS;
    }

    @Override
    public List<String> leftovers() {
        return found()
                .map(handle -> handle.pid() + " " + handle.info().commandLine().orElse("(no command line)"))
                .toList();
    }

    @Override
    public void remove() {
        found().forEach(handle -> {
            List<ProcessHandle> descendants = handle.descendants().toList();
            handle.destroyForcibly();
            descendants.forEach(ProcessHandle::destroyForcibly);
        });
    }

    private Stream<ProcessHandle> found() {
        return ProcFs.processes().stream()
                .filter(pid -> !before.contains(pid))
                .filter(pid -> ProcFs.stat(pid)
                        .filter(stat -> stat.parent() == ProcFs.self() && stat.state() != 'Z').isPresent())
                .flatMap(pid -> ProcessHandle.of(pid).stream());
    }
}
