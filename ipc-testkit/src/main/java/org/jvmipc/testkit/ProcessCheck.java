package org.jvmipc.testkit;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Processes that this one has started and that still run. */
final class ProcessCheck implements DebrisCheck {

    private final Set<ProcessHandle> before = ProcessHandle.current().children().collect(Collectors.toSet());

    @Override
    public DebrisKind kind() {
        return DebrisKind.PROCESS;
    }

    @Override
    public List<String> leftovers() {
        return found().stream()
                .map(handle -> handle.pid() + " " + handle.info().commandLine().orElse("(no command line)"))
                .toList();
    }

    @Override
    public void remove() {
        for (ProcessHandle handle : found()) {
            List<ProcessHandle> descendants = handle.descendants().toList();
            handle.destroyForcibly();
            descendants.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private List<ProcessHandle> found() {
        return ProcessHandle.current().children()
                .filter(handle -> !before.contains(handle))
                .filter(handle -> ProcFs.stat(handle.pid()).filter(stat -> stat.state() != 'Z').isPresent())
                .toList();
    }
}
