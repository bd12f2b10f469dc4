package org.jvmipc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.benchmarks.transports.Setup;

class CompareOptionsTest {
    @Test
    void optionsAreRead() {
        CompareOptions options = CompareOptions.parse("--pairs", "7", "--only", "roundtrip,idle", "--sizes", "32,4k",
                "--peers", "agrona,c", "--subject", "raw", "--cpus", "3,5,7", "--capacity", "2m");
        assertEquals(7, options.pairs());
        assertEquals(7, options.repeats());
        assertEquals(List.of(Kind.ROUND_TRIP, Kind.IDLE), options.kinds());
        assertEquals(List.of(32, 4096), options.sizes(Kind.ROUND_TRIP));
        assertEquals(List.of("agrona", "c"), options.peers());
        assertEquals("raw", options.subject());
        assertEquals(List.of(3, 5, 7), options.cpus().numbers());
        assertEquals(2 << 20, options.capacity(32));
    }

    @Test
    void whatIsSaidBesideQuickWinsWhereverItStands() {
        for (String line : List.of("--quick --pairs 2 --only idle", "--only idle --pairs 2 --quick")) {
            CompareOptions options = CompareOptions.parse(line.split(" "));
            assertEquals(2, options.pairs());
            assertEquals(List.of(Kind.IDLE), options.kinds());
            assertEquals(500, options.millis());
            assertEquals(List.of("aeron", "agrona", "unix", "c"), options.peers());
        }
        assertEquals(List.of("agrona", "unix", "c"), CompareOptions.parse("--quick", "--subject", "aeron").peers());
        assertEquals(List.of(Kind.values()), CompareOptions.parse("--short").kinds());
    }

    @Test
    void quickTakesAboutAMinute() {
        CompareOptions quick = CompareOptions.parse("--quick");
        List<Contestant> four = Collections.nCopies(4, null);
        long seconds = new Effort(quick).seconds((kind, size) -> four);
        assertTrue(seconds > 30 && seconds < 75, () -> "it takes about " + seconds + " s");
        assertTrue(new Effort(CompareOptions.parse()).seconds((kind, size) -> four) > 600);
    }

    @Test
    void nothingGivenMeansAllThatThereIs() {
        CompareOptions options = CompareOptions.parse();
        assertEquals(5, options.pairs());
        assertEquals(List.of(Kind.values()), options.kinds());
        assertEquals(List.of(32, 256, 4096, 65536), options.sizes(Kind.THROUGHPUT));
        assertEquals("shm", options.subject());
        assertTrue(options.capacity(1 << 20) >= 8 << 20, "8 messages have room");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--bogus | 1 | option --bogus is unknown; see --help",
        "--pairs | 0 | --pairs is 0, allowed is 1 to 1000",
        "--pairs | x | --pairs is \"x\", a whole number is needed",
        "--only | speed | --only names \"speed\", allowed is throughput, roundtrip, fanin",
        "--sizes | 33 | --sizes names 33, a multiple of 8 is needed",
        "--sizes | 32,,64 | --sizes is \"\", a whole number is needed",
        "--peers | aeron,zero | --peers names \"zero\", allowed is shm,",
        "--peers | shm | --peers names the subject itself, shm",
        "--capacity | 3000k | --capacity is 3072000, a power of two is needed",
        "--cpus | 0,0 | --cpus is \"0,0\"; two or more different CPUs such as 0,1 are needed, or none",
        "--json | /nowhere/x.json | --json is \"/nowhere/x.json\"; a file in a directory that exists"})
    void whatIsWrongIsNamed(String option, String value, String message) {
        String told = assertThrows(IllegalArgumentException.class, () -> CompareOptions.parse(option, value))
                .getMessage();
        assertTrue(told.startsWith(message), told);
    }

    @Test
    void anOptionWithoutItsValueIsNamed() {
        assertEquals("option --pairs is unknown or lacks its value; see --help",
                assertThrows(IllegalArgumentException.class, () -> CompareOptions.parse("--pairs")).getMessage());
    }

    @Test
    void sidesShareCpusOnlyIfThereAreTooFew() {
        CpuList two = CpuList.parse("4,6");
        assertEquals(Setup.Waiting.SPIN, two.waiting(Setup.Shape.ONE_TO_ONE));
        assertEquals(Setup.Waiting.YIELD, two.waiting(Setup.Shape.TWO_TO_ONE));
        assertEquals(List.of(4, 4, 6), List.of(two.producer(0, Setup.Shape.TWO_TO_ONE),
                two.producer(1, Setup.Shape.TWO_TO_ONE), two.consumer(0, Setup.Shape.TWO_TO_ONE)));
        CpuList three = CpuList.parse("4,6,8");
        assertEquals(Setup.Waiting.SPIN, three.waiting(Setup.Shape.ONE_TO_TWO));
        assertEquals(List.of(4, 6, 8), List.of(three.producer(0, Setup.Shape.ONE_TO_TWO),
                three.consumer(0, Setup.Shape.ONE_TO_TWO), three.consumer(1, Setup.Shape.ONE_TO_TWO)));
        assertEquals(-1, CpuList.parse("none").producer(0, Setup.Shape.ONE_TO_ONE));
    }
}
