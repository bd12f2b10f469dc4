package org.jvmipc.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jvmipc.cli.doctor.Checks;
import org.jvmipc.cli.doctor.Finding;
import org.jvmipc.cli.doctor.Finding.Level;
import org.jvmipc.cli.doctor.Machine;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.Inspected.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ipc doctor}: what is wrong with this machine. */
@Command(name = "doctor",
        header = "Check the machine, with a fix for each finding.",
        description = {
            "",
            "Checks the machine: JDK and its options, /dev/shm, POSIX and System V queues, limits of this user,"
                + " container, PID namespace, what logind removes, and what dead processes have left. Each finding"
                + " comes with what to do about it.",
            ""
        },
        footer = {
            "",
            "OK: as it should be. NOTE: good to know. WARN: something will not work in some case. FAIL: something does"
                + " not work.",
            "",
            "Exit codes: 0 nothing fails, 1 something does, 2 wrong usage.",
            "",
            "Examples:",
            "  ipc doctor",
            "  ipc doctor --quiet     only what is to be done",
            "  ipc doctor --json | jq 'select(.level==\"WARN\")'"
        })
final class DoctorCommand implements Callable<Integer> {
    @Option(names = {"-q", "--quiet"}, description = "Leave out what is as it should be.")
    private boolean quiet;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        Machine machine = new Machine(Path.of("/"), System.getenv(), System.getProperties());
        List<Finding> findings = new ArrayList<>(new Checks(machine).run());
        findings.add(leftovers());
        PrintWriter out = common.out();
        Style style = common.style();
        boolean fails = false;
        for (Finding finding : findings) {
            fails |= finding.level() == Level.FAIL;
            if (quiet && finding.level() == Level.OK) {
                continue;
            }
            if (common.json()) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("check", finding.check());
                json.put("level", finding.level().name());
                json.put("finding", finding.text());
                json.put("fix", finding.fix());
                out.println(JsonText.of(json));
            } else {
                print(finding, out, style);
            }
        }
        return fails ? ExitCodes.FAILED : ExitCodes.OK;
    }

    private static Finding leftovers() {
        List<Inspected> dead = new Survey().list(List.of(), false);
        dead.removeIf(object -> object.verdict() != Verdict.DEAD);
        return dead.isEmpty() ? Finding.ok("leftovers", "dead processes have left nothing in the usual places")
                : Finding.note("leftovers", "dead processes have left " + dead.size() + (dead.size() == 1
                        ? " object" : " objects"), "ipc clean --dry-run shows them, ipc clean removes them");
    }

    private static void print(Finding finding, PrintWriter out, Style style) {
        String level = finding.level().name();
        String padded = level + " ".repeat(6 - level.length());
        String painted = switch (finding.level()) {
            case OK -> style.good(padded);
            case NOTE -> style.faint(padded);
            case WARN -> style.warning(padded);
            case FAIL -> style.bad(padded);
        };
        String check = finding.check();
        out.println(painted + style.head(check) + " ".repeat(Math.max(1, 15 - check.length())) + finding.text());
        if (!finding.fix().isEmpty()) {
            out.println(" ".repeat(21) + "-> " + finding.fix());
        }
    }
}
