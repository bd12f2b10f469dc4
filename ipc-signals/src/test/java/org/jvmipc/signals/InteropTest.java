package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Programs in other languages send and receive. */
@IpcDir
@ExtendWith(SharedThreads.class)
class InteropTest {
    private static final String SELF = String.valueOf(ProcessHandle.current().pid());
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Sends a signal, once for each payload, and leaves rubbish in the half that no integer needs. */
    private static final String SEND = """
            #define _GNU_SOURCE
            #include <signal.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            int main(int argc, char **argv) {
                for (int i = 3; i < argc; i++) {
                    union sigval value;
                    memset(&value, 0x5a, sizeof value);
                    value.sival_int = atoi(argv[i]);
                    if (sigqueue(atoi(argv[1]), atoi(argv[2]), value) != 0) {
                        perror("sigqueue");
                        return 1;
                    }
                }
                return 0;
            }
            """;
    /** Prints what it gets, until it gets 0. */
    private static final String RECEIVE = """
            #define _GNU_SOURCE
            #include <signal.h>
            #include <stdio.h>
            int main(void) {
                sigset_t set;
                siginfo_t info;
                sigemptyset(&set);
                sigaddset(&set, SIGRTMIN + 3);
                sigprocmask(SIG_BLOCK, &set, NULL);
                printf("ready\\n");
                fflush(stdout);
                do {
                    sigwaitinfo(&set, &info);
                    printf("%d %d %d\\n", info.si_code == SI_QUEUE, info.si_value.sival_int, (int) info.si_pid);
                } while (info.si_value.sival_int != 0);
                return 0;
            }
            """;

    private static Path compile(IpcScope scope, String name, String source) throws Exception {
        Path file = Files.writeString(scope.path(name + ".c"), source);
        Path program = scope.path(name);
        scope.mayLeave(file);
        scope.mayLeave(program);
        Tools.run("gcc", "-Wall", "-Werror", "-o", program.toString(), file.toString());
        return program;
    }

    private static void expect(Receiver receiver, Signal signal, int payload, boolean queued) throws Exception {
        assertTrue(receiver.receive(PATIENCE).isMessage(), "nothing came");
        SignalInfo info = SignalChannels.last(receiver);
        assertEquals(signal, info.signal());
        assertEquals(payload, info.payload());
        assertEquals(queued, info.queued());
    }

    @Test
    void shouldBeReachedByCByPythonAndByAShell(@IpcDir IpcScope scope) throws Exception {
        Path send = compile(scope, "send", SEND);
        try (Receiver receiver = Ipc.receiver("signal:self?signal=RTMIN+7,RTMIN+8")) {
            String number = String.valueOf(Signal.realTime(7).number());
            Tools.run(send.toString(), SELF, number, "1", "-2", "2147483647", "-2147483648");
            for (int payload : new int[] {1, -2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                assertTrue(receiver.receive(PATIENCE).isMessage(), "nothing came");
                assertEquals(payload, SignalChannels.last(receiver).payload());
            }
            Tools.run(send.toString(), SELF, number, "42");
            assertEquals(42, receiver.receive().message().payload().getInt());
            Tools.run("python3", "-c", "import os, signal; os.kill(" + SELF + ", signal.SIGRTMIN + 8)");
            expect(receiver, Signal.realTime(8), 0, false);
            Tools.run("bash", "-c", "kill -s RTMIN+7 " + SELF);
            expect(receiver, Signal.realTime(7), 0, false);
            assertEquals(0, receiver.poll(message -> { }, 1));
        }
        CountDownLatch handled = new CountDownLatch(3);
        try (SignalRegistration handler = Signals.on(Signal.USR1, signal -> handled.countDown())) {
            for (String[] command : new String[][] {{send.toString(), SELF, "10", "7"},
                {"python3", "-c", "import os, signal; os.kill(" + SELF + ", signal.SIGUSR1)"},
                {"sh", "-c", "kill -USR1 " + SELF}}) {
                long before = handled.getCount();
                Tools.run(command);
                Await.until(PATIENCE, "the handler", () -> handled.getCount() < before);
            }
            assertTrue(handled.await(10, TimeUnit.SECONDS) && handler.isEffective());
        }
    }

    @Test
    void shouldReachAProgramInC(@IpcDir IpcScope scope) throws Exception {
        Process program = new ProcessBuilder(compile(scope, "receive", RECEIVE).toString()).start();
        try (var lines = program.inputReader(StandardCharsets.US_ASCII)) {
            assertEquals("ready", lines.readLine());
            String address = "signal:" + program.pid() + "?signal=RTMIN+3";
            try (Sender sender = Ipc.sender(address)) {
                sender.send(ByteBuffer.allocate(Integer.BYTES).putInt(-5).flip(), PATIENCE);
                sender.send(ByteBuffer.wrap(new byte[] {1, 0}), PATIENCE);
            }
            Signals.queue(program.pid(), Signal.realTime(3), 7, PATIENCE);
            Signals.queue(program.pid(), Signal.realTime(3), 0, PATIENCE);
            assertEquals("1 -5 " + SELF, lines.readLine());
            assertEquals("1 256 " + SELF, lines.readLine());
            assertEquals("1 7 " + SELF, lines.readLine());
            assertEquals("1 0 " + SELF, lines.readLine());
            assertEquals(0, program.waitFor());
        } finally {
            program.destroyForcibly();
        }
    }
}
