package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.outside.ModularSender;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What a program needs and loads that uses the schemes of this module. */
@IpcDir
final class PlainJavaTest {
    private static final Pattern NATIVE = Pattern.compile("\\bcom\\.kenai\\.jffi\\.\\w+|\\bjnr\\.\\w+\\.\\w+");

    /** A program of its own, as a user would write it: listens, connects, asks asynchronously, closes. */
    public static final class Program {
        /** Sends a message through each address. */
        public static void main(String[] addresses) throws Exception {
            for (String address : addresses) {
                try (var listener = Ipc.listen(address); var there = Ipc.connect(address);
                        var here = listener.accept(Courier.PATIENCE)) {
                    var answer = here.receiver().receiveAsync();
                    there.sender().send(Courier.bytes("hello"), Courier.PATIENCE);
                    System.out.println(Courier.text(answer.get()));
                }
            }
        }
    }

    private static String run(String... addresses) throws Exception {
        try (ChildJvm child = ChildJvm.of(Program.class).args((Object[]) addresses)
                .jvmArgs("-Xlog:class+load:stdout").start()) {
            assertEquals(0, child.awaitExit());
            assertEquals("", child.errors(), "no warning");
            return child.output();
        }
    }

    @Test
    void shouldLoadNoNativeCodeForStreamSocketsByPath(IpcScope scope) throws Exception {
        String output = run("unix:" + scope.path("s"));
        assertTrue(output.contains("hello") && output.contains("org.jvmipc.pipes.internal.NioWire"), output);
        List<String> loaded = output.lines().filter(line -> NATIVE.matcher(line).find()).toList();
        assertEquals(List.of(), loaded);
    }

    @Test
    void shouldLoadItForTheOthers(IpcScope scope) throws Exception {
        String seen;
        try (ChildJvm child = ChildJvm.of(Program.class).args("unix:" + scope.path("s") + "?type=seqpacket")
                .jvmArgs("-Xlog:class+load:stdout").start()) {
            assertEquals(0, child.awaitExit());
            seen = child.output();
        }
        assertTrue(NATIVE.matcher(seen).find(), "the pattern finds what it looks for");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix:/", "fifo:/", "pipe:"})
    void shouldWorkOnTheModulePath(String scheme, IpcScope scope) throws Exception {
        List<Path> modules = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of).filter(PlainJavaTest::isModule).toList();
        assertTrue(modules.stream().anyMatch(path -> path.toString().contains("ipc-pipes")), modules.toString());
        try (ChildJvm child = ChildJvm.of(ModularSender.class).modulePath(modules.toArray(Path[]::new)).start()) {
            assertEquals("org.jvmipc.core", child.readLine());
            for (String option : scheme.startsWith("unix") ? new String[] {"", "?type=seqpacket"} : new String[] {""}) {
                String address = scheme.equals("pipe:") ? scheme : scheme.replace("/", scope.path("c") + option);
                try (Receiver receiver = Ipc.receiver(address)) {
                    child.send(receiver.address().toString());
                    assertEquals("from a module", Courier.text(receiver.receive(Courier.PATIENCE)));
                    child.expect("sent");
                }
            }
            child.send("end");
            assertEquals(0, child.awaitExit());
        }
    }

    /** What a program would have on its module path: this project's modules but for tests, and what they need. */
    private static boolean isModule(Path entry) {
        String name = entry.toString();
        // This project's modules are directories or jars, as far as the build has come.
        boolean own = name.matches(".*/ipc-(core|posix|pipes)(/target/classes|[^/]*\\.jar)");
        return own || name.contains("/com/github/jnr/") || name.contains("/org/ow2/asm/");
    }
}
