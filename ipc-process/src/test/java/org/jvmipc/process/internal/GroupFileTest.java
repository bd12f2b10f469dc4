package org.jvmipc.process.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.process.Program;
import org.jvmipc.process.Restart;

class GroupFileTest {
    @TempDir
    Path dir;

    @Test
    void shouldReadAllThatAProgramCanHave() {
        Program program = ProgramOptions.of(Words.of("class=a.Main args=\"1 two\" jvm=\"-Xmx64m -Xint\" count=3 "
                + "restart=on-failure backoff=50ms..2s healthy-after=1m at-most=7/30s input=inherit env=A=b=c "
                + "class-path=lib:x.jar   # and a comment"), dir);
        assertEquals("a.Main", program.main());
        assertEquals(List.of("1", "two"), program.args());
        assertEquals(List.of("-Xmx64m", "-Xint"), program.jvmArgs());
        assertEquals(3, program.count());
        assertTrue(program.inheritsInput());
        assertEquals(Map.of("A", "b=c"), program.environment());
        assertEquals(List.of(dir.resolve("lib"), dir.resolve("x.jar")), program.classPath());
        Restart policy = program.restart();
        assertEquals(Restart.When.ON_FAILURE, policy.when());
        assertEquals(
                List.of(Duration.ofMillis(50), Duration.ofSeconds(2), Duration.ofMinutes(1), Duration.ofSeconds(30)),
                List.of(policy.firstPause(), policy.longestPause(), policy.healthyAfter(), policy.period()));
        assertEquals(7, policy.most());
    }

    @Test
    void shouldReadAFile() throws IOException {
        Path file = Files.writeString(dir.resolve("words.group"), """
                # A pipeline.
                jvm -Xshare:auto
                grace 500ms
                class-path lib

                process source class=a.Source
                process upper jar=upper.jar restart=always
                join source -> upper
                join source -> upper as control by shm:?capacity=64k   # the second one
                """);
        assertEquals("org.jvmipc.process.ProcessGroupBuilder", GroupFile.read(file).getClass().getName());
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " ; ", value = {
        "program x ; begins with process, join",
        "process ; write: process NAME",
        "process 1x class=M ; \"1x\" is no name",
        "process x ; either class=MAIN or jar=FILE",
        "process x class=M jar=j ; either class=MAIN or jar=FILE",
        "process a class=M ; two processes \"a\"",
        "process x class=M colour=red ; \"colour=red\" is no option",
        "process x class=M class=N ; stands twice",
        "process x class=M restart=sometimes ; restart=sometimes is not allowed; allowed is never | on-failure",
        "process x class=M backoff=1s ; backoff=1s is not allowed",
        "process x class=M backoff=9s..1s ; PT9S to PT1S",
        "process x class=M at-most=5 ; a number and a time",
        "process x class=M at-most=many/1s ; at-most=many is not allowed",
        "process x class=M healthy-after=10h ; healthy-after=10h is not allowed; allowed is a number followed by",
        "process x class=M count=0 ; give a number from 1 to 40",
        "process x class=M input=file ; none | inherit",
        "process x class=M env=A ; write env=NAME=VALUE",
        "process x class=M args=\"1 ; a quotation mark is missing",
        "grace soon ; grace=soon is not allowed",
        "grace ; write: grace TIME",
        "join a b ; is no join; write: join FROM -> TO",
        "join a -> b by ; is no join",
        "join a -> c ; there is no process \"c\" above; there are [a, b]",
        "join a -> b as 1 ; \"1\" is no name",
        "join a -> b by ring ; \"ring\" is no address",
        "join a -> b by shm:?ring=spsc ; leave out ring=",
        "join a -> b by fifo:/tmp/f ; take shm:"})
    void shouldSayWhatIsWrongInWhichLine(String line, String advice) throws IOException {
        Path file = Files.writeString(dir.resolve("bad.group"),
                "process a class=A\n\nprocess b class=B\n" + line + "\n");
        String message = assertThrows(IllegalArgumentException.class, () -> GroupFile.read(file)).getMessage();
        assertTrue(message.startsWith("bad.group:4: ") && message.contains(advice), message);
    }
}
