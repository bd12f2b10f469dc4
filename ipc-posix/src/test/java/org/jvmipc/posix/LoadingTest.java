package org.jvmipc.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.posix.onpath.Probe;

/** How native code comes in, or does not. */
@Timeout(60)
class LoadingTest {

    @TempDir
    Path home;

    @Test
    void worksOnTheModulePath() {
        List<String> modules = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            (isModule(entry) ? modules : others).add(entry);
        }
        assertTrue(modules.size() >= 4, modules.toString());
        List<String> arguments = List.of("-p", String.join(File.pathSeparator, modules),
                "--add-modules", "org.jvmipc.posix", "-cp", String.join(File.pathSeparator, others),
                Probe.class.getName(), "all");
        try (Child child = Child.startRaw(List.of(), arguments, Map.of("IPC_HOME", home.resolve("h").toString()))) {
            child.expect("org.jvmipc.posix");
            child.expect("EBADF ENOENT");
            child.expect("EFAULT -9");
            child.expect("0");
            child.expect("3");
            child.expect("0");
            child.expect("ALIVE");
            assertEquals(0, child.exit());
        }
    }

    @Test
    void nothingNativeComesWithTheClasses() {
        try (Child child = Child.start(Probe.class, "lazy")) {
            child.expect("plain");
            assertEquals(0, child.exit());
        }
    }

    @Test
    void directoryThatCannotHoldTheLibraryIsNamed() {
        expectUnsupported(List.of(), List.of("-Djffi.extract.dir=/proc/none"), "no-directory", "tmpdir");
    }

    @Test
    void directoryWithoutRightToExecuteIsNamed() {
        assumeTrue(ProcessIdentity.effectiveUid() == 0, "needs root to mount");
        List<String> mount = List.of("unshare", "--mount", "sh", "-c",
                "mount -t tmpfs -o noexec tmpfs /mnt && cd /mnt && exec \"$@\"", "sh");
        expectUnsupported(mount, List.of("-Djava.io.tmpdir=/mnt"), "noexec", "tmpdir");
    }

    @Test
    void interruptedThreadLoadsItAsAnyOther() throws IOException {
        List<String> arguments = List.of("-Djava.io.tmpdir=" + home, "-cp", System.getProperty("java.class.path"),
                Probe.class.getName(), "interrupted");
        try (Child child = Child.startRaw(List.of(), arguments, Map.of("IPC_HOME", home.resolve("h").toString()))) {
            child.expect("EBADF");
            child.expect("true");
            child.expect("true");
            assertEquals(0, child.exit());
        }
        try (Stream<Path> left = Files.list(home)) {
            assertEquals(List.of(), left.filter(file -> file.toString().endsWith(".so")).toList());
        }
    }

    @Test
    void otherSystemsAreRefused() {
        expectUnsupported(List.of(), List.of(), "other-system", "system");
    }

    private void expectUnsupported(List<String> prefix, List<String> options, String probe, String reason) {
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of("-cp", System.getProperty("java.class.path"), Probe.class.getName(), probe));
        Map<String, String> environment = Map.of("IPC_HOME", home.resolve("h").toString());
        try (Child child = Child.startRaw(prefix, arguments, environment)) {
            for (int i = 0; i < 8; i++) {
                child.expect("unsupported " + reason + " true");
            }
            child.expect("plain Java works");
            assertEquals(0, child.exit());
        }
    }

    private static boolean isModule(String entry) {
        if (entry.contains("junit") || !new File(entry).exists()) {
            return false;
        }
        try {
            return ModuleFinder.of(Path.of(entry)).findAll().stream().map(m -> m.descriptor().name())
                    .anyMatch(name -> name.startsWith("org.jvmipc") || name.startsWith("org.jnrproject")
                            || name.startsWith("jnr") || name.startsWith("org.objectweb"));
        } catch (java.lang.module.FindException e) {
            return false;
        }
    }
}
