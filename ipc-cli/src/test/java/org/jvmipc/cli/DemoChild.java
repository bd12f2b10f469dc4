package org.jvmipc.cli;

import java.util.stream.Collectors;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.ChildJvmBuilder;
import org.jvmipc.testkit.IpcScope;

/** The command {@code ipc demo} in a JVM of its own, with files in a test's directory. */
final class DemoChild {
    private DemoChild() {
    }

    /** The JVMs that it starts itself are over soon, and start as those of other tests do. */
    static ChildJvmBuilder of(IpcScope scope, String... args) {
        ChildJvmBuilder child = ChildJvm.of(Main.class);
        String archive = child.command().stream()
                .filter(flag -> flag.startsWith("-XX:SharedArchiveFile=") || flag.startsWith("-Xlog:cds"))
                .collect(Collectors.joining(" "));
        return child.jvmArgs("-Djava.io.tmpdir=" + scope.dir(),
                        "-Dorg.jvmipc.cli.demo.jvm=-XX:TieredStopAtLevel=1 " + archive)
                .args("demo").args((Object[]) args);
    }
}
