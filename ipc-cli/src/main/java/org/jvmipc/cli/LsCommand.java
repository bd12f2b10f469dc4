package org.jvmipc.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ipc ls}: what there is. */
@Command(name = "ls",
        header = "List channels, locks, queues, sockets, and who uses them.",
        description = {
            "",
            "Lists channels, segments, locks, queues, semaphores and sockets: those of the toolkit, and those of POSIX"
                + " and System V whoever made them. Reads files only: it takes no lock, so that stopped processes do"
                + " not hold it up, and it changes nothing.",
            "",
            "Sockets and FIFOs are shown that a JVM has open, and those in the given directories; with -a those of"
                + " all processes that may be looked at. POSIX queues that nobody has open are shown where the mqueue"
                + " file system is mounted.",
            ""
        },
        footer = {
            "",
            "STATE is 'in use', 'unused' (to be kept, or the kernel keeps it), 'dead' (all who used it are dead: ipc"
                + " clean removes it), 'damaged', 'unfinished' or 'unreadable'.",
            "",
            "Exit codes: 0 all is well, 1 something failed, 2 wrong usage, 3 a directory does not exist, 4 a directory"
                + " may not be read. What else there is is shown nevertheless.",
            "",
            "Examples:",
            "  ipc ls",
            "  ipc ls -a                   also of other programs, and life signs",
            "  ipc ls /var/spool/orders    also queues, FIFOs and segments there",
            "  ipc ls --json | jq -r 'select(.state==\"dead\").name'"
        })
final class LsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", arity = "0..*", description = "Directories to look into, too.")
    private List<Path> directories = new ArrayList<>();

    @Option(names = {"-a", "--all"}, description = "Show also what other programs have, and the life signs.")
    private boolean all;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        Listing listing = new Listing(common.out(), common.err());
        return listing.run(directories, all, common.json());
    }
}
