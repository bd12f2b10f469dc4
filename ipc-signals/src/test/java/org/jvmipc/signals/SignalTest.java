package org.jvmipc.signals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and numbers. */
class SignalTest {
    @ParameterizedTest
    @CsvSource({"TERM, 15, TERM", "SIGTERM, 15, TERM", "sighup, 1, HUP", "15, 15, TERM", "RTMIN, 34, RTMIN",
        "rtmin+3, 37, RTMIN+3", "RTMAX, 64, RTMIN+30", "SIGRTMAX-1, 63, RTMIN+29", "64, 64, RTMIN+30", "POLL, 29, IO",
        "CLD, 17, CHLD", "IOT, 6, ABRT", "SYS, 31, SYS"})
    void shouldFindByNameAndNumber(String text, int number, String name) {
        Signal signal = Signal.of(text);
        assertEquals(number, signal.number());
        assertEquals(name, signal.name());
        assertEquals("SIG" + name, signal.toString());
        assertSame(signal, Signal.of(number));
        assertEquals(number >= 34, signal.isRealTime());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SIG", "NOSUCH", "0", "32", "33", "65", "999", "RTMIN+31", "RTMAX-31", "RTMIN-1", "-1"})
    void shouldListWhatThereIsInsteadOfWhatIsNone(String text) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> Signal.of(text));
        assertTrue(refusal.getMessage().contains("64"), refusal.getMessage());
    }

    @Test
    void shouldCountRealTimeSignalsFromTheFirst() {
        assertSame(Signal.of("RTMIN"), Signal.realTime(0));
        assertSame(Signal.of(64), Signal.realTime(30));
        assertThrows(IllegalArgumentException.class, () -> Signal.realTime(31));
        assertThrows(IllegalArgumentException.class, () -> Signal.realTime(-1));
        assertTrue(Signal.HUP.compareTo(Signal.TERM) < 0);
        assertFalse(Signal.TERM.isRealTime());
    }

    /** The numbers are the kernel's: a shell knows them, too. */
    @Test
    void shouldAgreeWithTheShell() throws Exception {
        Process shell = new ProcessBuilder("bash", "-c", "for n in $(seq 1 31); do kill -l $n; done").start();
        List<String> names = new String(shell.getInputStream().readAllBytes()).lines().toList();
        assertEquals(0, shell.waitFor());
        for (int number = 1; number <= 31; number++) {
            assertEquals(names.get(number - 1), Signal.of(number).name());
        }
    }
}
