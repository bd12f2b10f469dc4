package org.jvmipc.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.IpcException;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.Inspected.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ipc clean}: removes what the dead have left. */
@Command(name = "clean",
        header = "Remove what dead processes have left.",
        description = {
            "",
            "Removes what is provably of no use to anybody: objects of this user all of whose users are dead, and which"
                + " none of them wanted kept. Before each removal it looks anew, under the locks that those take who"
                + " open and leave the object. Says of each why.",
            "",
            "Something that is to be kept, or that the kernel keeps, goes only if it is named, and then only if nobody"
                + " who lives has it open. Queues on disk are data, and stay.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 all is well, 1 something could not be removed, 2 wrong usage, 3 there is nothing of that"
                + " name.",
            "",
            "Examples:",
            "  ipc clean --dry-run",
            "  ipc clean",
            "  ipc clean --dir /var/run/orders    also segments in files there",
            "  ipc clean shm:orders               this one, also if it was to be kept"
        })
final class CleanCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", arity = "0..*",
            description = "Only these: addresses, paths, or names as ipc ls shows them.")
    private List<String> names = new ArrayList<>();

    @Option(names = {"-n", "--dry-run"}, description = "Remove nothing, say what would be removed.")
    private boolean dryRun;

    @Option(names = "--dir", paramLabel = "DIR", description = "Look into this directory, too. May be repeated.")
    private List<Path> directories = new ArrayList<>();

    @Option(names = "--match", paramLabel = "TEXT",
            description = "Only what has this in its name. May be repeated: one of them is enough.")
    private List<String> matches = new ArrayList<>();

    @Option(names = {"-v", "--verbose"}, description = "Say also what stays, and why.")
    private boolean verbose;

    @Mixin
    private CommonOptions common;

    private int removed;
    private int failed;
    private int stayed;

    @Override
    public Integer call() {
        Survey survey = new Survey();
        boolean named = !names.isEmpty();
        List<Inspected> objects = named ? survey.named(names)
                : survey.list(directories.stream().map(each -> each.toAbsolutePath().normalize()).toList(), false);
        // The files by which others tell that somebody is dead go last.
        List<Inspected> ordered = new ArrayList<>(objects);
        ordered.removeIf(object -> !matches.isEmpty() && matches.stream().noneMatch(object.name()::contains));
        ordered.sort((one, other) -> Boolean.compare(one.kind().equals("life sign"), other.kind().equals("life sign")));
        for (Inspected object : ordered) {
            boolean wanted = object.verdict() == Verdict.DEAD || named && object.verdict() == Verdict.KEPT;
            if (wanted) {
                remove(survey, object);
            } else if (named) {
                failed++;
                tell("stays", object, reason(object));
            } else {
                stayed++;
                if (verbose) {
                    tell("stays", object, reason(object));
                }
            }
        }
        if (!common.json()) {
            common.err().println((dryRun ? "would remove " : "removed ") + removed
                    + (failed > 0 ? ", could not remove " + failed : "")
                    + (stayed > 0 ? ", left " + stayed + " alone" : ""));
        }
        return failed > 0 ? ExitCodes.FAILED : ExitCodes.OK;
    }

    /** Why it is not removed. */
    static String reason(Inspected object) {
        if (!object.verdictReason().isEmpty()) {
            return object.verdictReason();
        }
        return object.problem().isEmpty() ? "it is not of the toolkit" : object.problem();
    }

    private void remove(Survey survey, Inspected object) {
        if (dryRun) {
            removed++;
            tell("would remove", object, object.verdictReason());
            return;
        }
        try {
            if (survey.remove(object)) {
                removed++;
                tell("removed", object, object.verdictReason());
            } else {
                failed++;
                tell("stays", object, "no transport can remove it");
            }
        } catch (AccessRefusedException others) {
            if (names.isEmpty()) {
                stayed++;
            } else {
                failed++;
            }
            if (verbose || !names.isEmpty()) {
                tell("stays", object, Failures.line(others));
            }
        } catch (IpcException | UncheckedIOException refused) {
            failed++;
            tell("stays", object, Failures.line(refused));
        }
    }

    private void tell(String action, Inspected object, String why) {
        PrintWriter out = common.out();
        if (common.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("action", action);
            json.put("name", object.name());
            json.put("kind", object.kind());
            json.put("where", object.where());
            json.put("reason", why);
            out.println(JsonText.of(json));
        } else {
            out.println(action + "  " + Words.printable(object.name()) + "  (" + Words.printable(object.kind()) + "): "
                    + Words.printable(why));
        }
    }
}
