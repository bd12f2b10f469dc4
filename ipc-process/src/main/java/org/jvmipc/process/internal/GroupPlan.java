package org.jvmipc.process.internal;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jvmipc.process.GroupListener;
import org.jvmipc.process.Program;

/** A description of a group that was found to be complete. */
public final class GroupPlan {
    /** The board is a segment that so many can share, with the group itself. */
    private static final int MOST_PROCESSES = 40;

    private final Map<String, List<String>> names = new LinkedHashMap<>();
    private final Map<String, Program> processes = new LinkedHashMap<>();
    private final List<Join> joins;

    /**
     * Checks a description.
     *
     * @throws IllegalArgumentException if something is missing or contradicts something else
     */
    public GroupPlan(Map<String, Program> programs, List<Join> joins) {
        this.joins = List.copyOf(joins);
        programs.forEach((name, program) -> names.put(name, expand(name, program)));
        if (processes.isEmpty()) {
            throw new IllegalArgumentException("there is no process in the group; add one by process(name, program)");
        }
        if (processes.size() > MOST_PROCESSES) {
            throw new IllegalArgumentException("there are " + processes.size() + " processes in the group, and "
                    + MOST_PROCESSES + " are allowed; make several groups, joined by channels with names");
        }
        Set<String> ends = new HashSet<>();
        for (Join join : this.joins) {
            checkName(join, join.from());
            checkName(join, join.to());
            if (join.from().equals(join.to())) {
                throw new IllegalArgumentException(join + ": a process is not joined to itself; use mem: within it");
            }
            checkEnd(ends, join, join.from() + " sends to " + join.outPort());
            checkEnd(ends, join, join.to() + " receives from " + join.inPort());
        }
        wires("check");
    }

    private List<String> expand(String name, Program program) {
        List<String> expanded = new ArrayList<>();
        for (int i = 1; i <= program.count(); i++) {
            String each = program.count() == 1 ? name : name + "-" + i;
            if (processes.putIfAbsent(each, program) != null) {
                throw new IllegalArgumentException("there are two processes \"" + each + "\", as of \"" + name
                        + "\" there are " + program.count() + "; give one of them another name");
            }
            expanded.add(each);
        }
        return List.copyOf(expanded);
    }

    private void checkName(Join join, String name) {
        if (!names.containsKey(name)) {
            throw new IllegalArgumentException(join + ": there is no process \"" + name + "\"; there are "
                    + names.keySet());
        }
    }

    private static void checkEnd(Set<String> ends, Join join, String end) {
        if (!ends.add(end)) {
            throw new IllegalArgumentException(join + ": there are two channels by which " + end
                    + "; give one of them a name of its own (join(port, from, to, address), or \"as port\")");
        }
    }

    private List<Wire> wires(String running) {
        List<Wire> wires = new ArrayList<>();
        for (Join join : joins) {
            wires.add(Wire.of(wires.size(), join, names, running));
        }
        return wires;
    }

    /** Makes the channels and starts the processes. */
    public Supervisor start(List<String> jvmArgs, PrintStream out, PrintStream err, Duration grace,
            List<GroupListener> listeners) {
        Leftovers.remove();
        // Nothing that a group of the same process id has left, which was killed with all its processes, is in the way.
        String running = "group-" + ProcessHandle.current().pid() + "-"
                + Integer.toHexString(ThreadLocalRandom.current().nextInt());
        String board = running + "-board";
        List<Wire> wires = wires(running);
        List<Member> members = new ArrayList<>();
        processes.forEach((name, program) -> {
            Member member = new Member(name, program);
            Wires.describe(wires, board, name, member.wiring);
            members.add(member);
        });
        Launcher launcher = new Launcher(List.copyOf(jvmArgs), out, err);
        Supervisor supervisor = new Supervisor(members, Wires.open(wires, board), launcher, grace, listeners);
        supervisor.start();
        return supervisor;
    }
}
