package org.jvmipc.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Variant UNIX = new Variant("unix", "dgram", false, "unix:{path}?type=dgram", Way.PAIR);
    private static final Variant SHM = new Variant("shm", "", true, "shm:{name}", Way.LISTEN);

    private static final RowResult GOOD = new RowResult(UNIX, 1_234_567, 19_753_072, Faults.NONE,
            new Speed(1_000_000.4, 16_000_006.4, 5.25, 12), List.of(), "");
    private static final RowResult BAD = new RowResult(SHM, 1, 16, new Faults(2, 0, 0, "x"),
            new Speed(Double.NaN, Double.NaN, Double.NaN, Double.NaN), List.of("a \"quoted\" \\ line\n", "\u00fc"), "");

    private final StringWriter text = new StringWriter();

    private String report(boolean json, boolean colour) {
        Report report = Report.of(json, colour, new PrintWriter(text));
        report.row(GOOD);
        report.row(BAD);
        report.end();
        return text.toString();
    }

    @Test
    void tableAlignsItsColumns() {
        assertEquals("""
                scheme      framing    messages    MB  messages/s  MB/s  median us  p99 us  verified
                unix dgram  datagram  1,234,567  19.8   1,000,000  16.0       5.25   12.00       yes
                shm         stream            1   0.0           -     -          -       -        NO
                """, report(false, false));
    }

    @Test
    void coloursDoNotShiftTheTable() {
        assertEquals(new ReportTest().report(false, false), report(false, true).replaceAll("\u001b\\[\\d*m", ""));
        assertEquals(4, text.toString().split("\u001b", -1).length - 1);
    }

    @Test
    void jsonIsOneObjectPerLine() {
        assertEquals("{\"scheme\":\"unix\",\"type\":\"dgram\",\"framing\":\"datagram\",\"messages\":1234567,"
                + "\"bytes\":19753072,\"messagesPerSecond\":1000000.400,\"bytesPerSecond\":16000006.400,"
                + "\"roundTripMedianMicros\":5.250,\"roundTripP99Micros\":12.000,\"lost\":0,\"changed\":0,"
                + "\"outOfOrder\":0,\"verified\":true,\"problems\":[]}\n"
                + "{\"scheme\":\"shm\",\"type\":\"\",\"framing\":\"stream\",\"messages\":1,\"bytes\":16,"
                + "\"messagesPerSecond\":null,\"bytesPerSecond\":null,\"roundTripMedianMicros\":null,"
                + "\"roundTripP99Micros\":null,\"lost\":2,\"changed\":0,\"outOfOrder\":0,\"verified\":false,"
                + "\"problems\":[\"a \\\"quoted\\\" \\\\ line\\u000a\",\"\\u00fc\"]}\n", report(true, false));
    }
}
