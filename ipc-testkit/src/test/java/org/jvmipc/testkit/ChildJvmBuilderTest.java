package org.jvmipc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.testkit.outside.ModuleNames;

class ChildJvmBuilderTest {

    @Test
    void shouldLetTheCallersCollectorReplaceTheDefault() {
        List<String> command = ChildJvm.of(Peers.Echo.class).jvmArgs("-XX:+UseZGC", "-Xmx1g").command();
        assertFalse(command.contains("-XX:+UseSerialGC"), command::toString);
        assertTrue(command.indexOf("-Xmx1g") > command.indexOf("-Xmx64m"), command::toString);
        assertTrue(command.indexOf("-Xmx1g") < command.indexOf("-cp"), command::toString);
    }

    @Test
    void shouldPassNativeAccessOnOnlyIfThisJvmHasIt() {
        boolean here = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .anyMatch(arg -> arg.startsWith("--enable-native-access"));
        boolean there = ChildJvm.of(Peers.Echo.class).command().contains("--enable-native-access=ALL-UNNAMED");
        assertEquals(here && Runtime.version().feature() >= 22, there);
    }

    @Test
    void shouldInheritTheOpensOfItsParent() {
        try (ChildJvm parent = ChildJvm.of(TellsOpens.class)
                .jvmArgs("--add-opens", "java.base/java.nio=ALL-UNNAMED")
                .jvmArgs("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED").start()) {
            assertEquals("without []", parent.readLine());
            assertEquals("with [--add-opens=java.base/java.nio=ALL-UNNAMED, "
                    + "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED]", parent.readLine());
        }
    }

    @Test
    void shouldStartChildrenThatSignalsEndAlsoWhereAShellIgnoresThem() {
        try (ChildJvm parent = ChildJvm.of(HasChild.class)
                .wrapper("sh", "-c", "trap '' HUP INT; exec \"$@\"", "sh").start()) {
            parent.expect("ready to start children");
            for (String signal : List.of("INT", "HUP")) {
                parent.send(signal);
                assertEquals("ended by " + signal, parent.readLine());
            }
            assertEquals(0, parent.awaitExit(), parent::errors);
        }
    }

    /** Starts a child for each signal it hears of, and ends it by that. */
    static final class HasChild implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            context.say("ready to start children");
            for (Map.Entry<String, Integer> signal : List.of(Map.entry("INT", 130), Map.entry("HUP", 129))) {
                String name = context.hear();
                try (ChildJvm child = ChildJvm.of(Peers.Hang.class).start()) {
                    child.expect("hanging");
                    child.signal(name);
                    int exit = child.awaitExit();
                    context.say(exit == signal.getValue() ? "ended by " + name : "exit code " + exit);
                }
            }
        }
    }

    static final class TellsOpens implements Peer {
        @Override
        public void run(PeerContext context) {
            context.say("without " + opens(ChildJvm.of(Peers.Echo.class)));
            context.say("with " + opens(ChildJvm.of(Peers.Echo.class).inheritOpens()));
        }

        private static List<String> opens(ChildJvmBuilder builder) {
            return builder.command().stream().filter(arg -> arg.startsWith("--add-")).toList();
        }
    }

    @Test
    void shouldRunOnEveryJdkThatIsInstalled(TestReporter reporter) throws IOException {
        Path own = Path.of(System.getProperty("java.home")).toRealPath();
        try (Stream<Path> siblings = Files.list(own.getParent())) {
            List<Path> homes = siblings.filter(home -> Files.isRegularFile(home.resolve("release"))
                    && Files.isExecutable(home.resolve("bin/java")) && !Files.isSymbolicLink(home)).toList();
            for (Path home : homes) {
                try (ChildJvm child = ChildJvm.of(Peers.Introduce.class).parameter("depth", 1).javaHome(home).start()) {
                    String feature = child.expect("feature ");
                    reporter.publishEntry(home.toString(), feature);
                    assertTrue(Files.readString(home.resolve("release"))
                            .contains("JAVA_VERSION=\"" + feature.substring(8)), feature);
                    assertEquals(0, child.awaitExit(), child::errors);
                }
            }
        }
    }

    @Test
    void shouldSayThatThereIsNoSuchJdk(@TempDir Path dir) {
        assertThrows(IllegalArgumentException.class, () -> ChildJvm.of(Peers.Echo.class).javaHome(dir));
    }

    @Test
    void shouldSayThatThereIsNoSuchDirectory(@TempDir Path dir) {
        ChildJvmBuilder builder = ChildJvm.of(Peers.Echo.class).directory(dir.resolve("x"));
        UncheckedIOException error = assertThrows(UncheckedIOException.class, builder::start);
        assertTrue(error.getMessage().startsWith("cannot start "), error::getMessage);
    }

    @Test
    void shouldPutTheLibrariesOnTheModulePathAndTheTestOnTheClassPath() {
        try (ChildJvm child = ChildJvm.of(ModuleNames.class).modulePath(libraries()).start()) {
            assertEquals("here null", child.readLine());
            assertEquals("there org.jvmipc.testkit", child.readLine());
            assertEquals(0, child.awaitExit(), child::errors);
        }
    }

    @Test
    void shouldRunAClassOfANamedModuleWithoutAClassPath(@TempDir Path dir) throws Exception {
        Path source = Files.createDirectories(dir.resolve("src/some/where"));
        Files.writeString(dir.resolve("src/module-info.java"), "module some.module { requires org.jvmipc.testkit; }");
        Files.writeString(source.resolve("Told.java"), """
                package some.where;
                class Told implements org.jvmipc.testkit.Peer {
                    public void run(org.jvmipc.testkit.PeerContext context) {
                        context.say(getClass().getModule() + " " + System.getProperty("java.class.path"));
                    }
                }
                """);
        Path classes = dir.resolve("classes");
        List<Path> modules = new ArrayList<>(List.of(libraries()));
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", classes.toString(),
                "--module-path", JavaCommand.join(modules), dir.resolve("src/module-info.java").toString(),
                source.resolve("Told.java").toString());
        assertEquals(0, result);
        modules.add(classes);
        try (var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()});
                ChildJvm child = ChildJvm.of(loader.loadClass("some.where.Told")).module("some.module")
                        .modulePath(modules.toArray(Path[]::new)).start()) {
            assertEquals("module some.module ", child.readLine());
            assertEquals(0, child.awaitExit(), child::errors);
        }
    }

    /** The modules that the test kit is made of: core, JUnit, and itself. */
    private static Path[] libraries() {
        return Arrays.stream(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> path.toString().matches(
                        ".*(junit-jupiter-api|junit-platform-commons|opentest4j|apiguardian-api)-[^/]*\\.jar")
                        || Files.exists(path.resolve("module-info.class")) || path.toString().contains("ipc-core"))
                .toArray(Path[]::new);
    }

    @Test
    void shouldFindTheJvmBehindAWrapperThatBecomesIt() {
        try (ChildJvm child = ChildJvm.of(Peers.Introduce.class).parameter("depth", 1).wrapper("env", "A=b").start()) {
            assertEquals("pid " + child.pid(), child.readLine());
            assertEquals(0, child.awaitExit(), child::errors);
        }
    }

    @Test
    void shouldFindTheJvmBehindAWrapperThatStays() {
        // The command after the JVM keeps the shell from becoming it.
        try (ChildJvm child = ChildJvm.of(Peers.Echo.class)
                .wrapper("sh", "-c", "\"$@\"; code=$?; echo after; exit $code", "sh").start()) {
            child.expect("ready");
            child.stop();
            child.cont();
            assertTrue(child.cpuTime().toMillis() > 5, "the time of the JVM, not of the shell");
            child.kill();
            assertEquals(137, child.awaitExit());
            child.expect("after");
        }
    }

    @Test
    void shouldSignalAChildInAnotherPidNamespace() throws Exception {
        String[] unshare = {"unshare", "--fork", "--pid", "--mount-proc", "--kill-child"};
        Process probe = new ProcessBuilder(Stream.concat(Arrays.stream(unshare), Stream.of("true")).toList()).start();
        assumeTrue(probe.waitFor() == 0, "unshare needs root");
        try (ChildJvm child = ChildJvm.of(Peers.Introduce.class).parameter("depth", 1).wrapper(unshare).start()) {
            assertEquals("pid 1", child.readLine());
        }
        try (ChildJvm child = ChildJvm.of(Peers.Echo.class).wrapper(unshare).start()) {
            child.expect("ready");
            child.stop();
            child.cont();
            child.send("x");
            child.expect("heard x");
            child.kill();
            child.awaitExit();
        }
    }

    @Test
    void shouldSayThatTheWrapperStartedNoJvm() {
        AssertionError error = assertThrows(AssertionError.class,
                () -> ChildJvm.of(Peers.Echo.class).wrapper("sh", "-c", "echo no such thing >&2; exit 3").start());
        assertTrue(error.getMessage().contains("the wrapper started no "), error::getMessage);
        assertTrue(error.getMessage().contains("exited with 3"), error::getMessage);
    }
}
