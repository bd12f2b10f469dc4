package org.jvmipc.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.demos.hello.HelloReceiver;
import org.jvmipc.demos.hello.HelloSender;
import org.jvmipc.testkit.ChildJvm;

/** The two programs that the README shows: they stand there as they are, and they run. */
@Timeout(60)
class HelloTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void shouldDeliverThreeMessagesAndThenEnd() {
        try (ChildJvm in = ChildJvm.of(HelloReceiver.class).start();
                ChildJvm out = ChildJvm.of(HelloSender.class).start()) {
            assertEquals(0, out.awaitExit());
            for (String line : List.of("message 1", "message 2", "message 3")) {
                assertEquals(line, in.readLine());
            }
            assertEquals(0, in.awaitExit());
        }
    }

    @Test
    void shouldStandInTheReadmeAsItIs() throws IOException {
        List<String> fences = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve("README.md"))).results()
                .map(MatchResult::group).toList();
        assertEquals(2, fences.size(), "programs in the README");
        for (Class<?> program : List.of(HelloSender.class, HelloReceiver.class)) {
            String source = Files.readString(
                    ROOT.resolve("demos/src/main/java/" + program.getName().replace('.', '/') + ".java"));
            String shown = "```java\n" + source.replaceFirst("package .*;\n\n", "").replaceAll("(?m)^ */\\*\\*.*\n", "")
                    + "```";
            assertTrue(fences.contains(shown), () -> "the README should show\n" + shown + "\nbut has\n" + fences);
        }
    }

    @Test
    void shouldKeepTheReadmeWithin150Lines() throws IOException {
        long lines = Files.readString(ROOT.resolve("README.md")).lines().count();
        assertTrue(lines <= 150, () -> "the README has " + lines + " lines");
    }
}
