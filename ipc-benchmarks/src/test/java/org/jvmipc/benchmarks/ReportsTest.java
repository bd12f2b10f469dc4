package org.jvmipc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Whether the reports are well formed and say what was measured. */
class ReportsTest {
    private static final Map<String, String> MACHINE = Map.of("CPUs", "2, \"<Fast> & \\Cheap\"\t");

    private final CompareOptions options = CompareOptions.parse("--cpus", "0,1");
    private final List<Duel> duels = new ArrayList<>();

    ReportsTest() {
        Contestants contestants = new Contestants(options, List.of());
        Contestant shm = contestants.get("shm");
        for (Kind kind : Kind.values()) {
            for (String peer : List.of("agrona", "aeron", "unix")) {
                Duel duel = new Duel(kind, 32, shm, contestants.get(peer));
                duel.add(bout(2.5, 1));
                duel.add(bout(3, 4));
                duels.add(duel);
            }
            Duel thrownAway = new Duel(kind, 32, shm, contestants.get("pipe"));
            thrownAway.add(new Bout(100, numbers(1), numbers(1), 500, true, true));
            duels.add(thrownAway);
            Duel skipped = new Duel(kind, 32, shm, contestants.get("jeromq"));
            skipped.skip("\"it\" said <no> & left");
            duels.add(skipped);
        }
    }

    private static Bout bout(double subject, double peer) {
        return new Bout(120, numbers(subject), numbers(peer), 121, true, false);
    }

    private static Numbers numbers(double factor) {
        Map<String, Double> numbers = new HashMap<>();
        for (Measure measure : Measure.values()) {
            numbers.put(measure.key(), 100 * factor);
        }
        Histogram histogram = new Histogram(3);
        for (int i = 0; i < 10_000; i++) {
            histogram.recordValue((long) (factor * (150 + i % 100 + (i % 1000 == 0 ? 20_000 : 0))));
        }
        for (String prefix : List.of("p", "r", "w")) {
            numbers.putAll(Numbers.parse(Percentiles.line(prefix, histogram)).byName());
        }
        numbers.put(Numbers.BUSY, 1.0);
        numbers.put(Numbers.ALLOCATED, 0.0);
        numbers.put(Numbers.ALLOCATED_SENDING, 0.0);
        return new Numbers(numbers);
    }

    @Test
    void theTableHasBothSidesTheirRatioAndWhatIsMissing() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TextReport report = new TextReport(options, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        report.begin(true);
        report.end(duels);
        String text = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(text.matches("(?s).*32 +shm rate M/s +275 +agrona +250 +1.63 +2 of 2.*"), text);
        assertTrue(text.contains("pipe: all 1 pairs were thrown away"), text);
        assertTrue(text.contains("jeromq skipped: \"it\" said <no> & left"), text);
    }

    @Test
    void jsonIsWellFormedAndComplete() {
        String json = JsonReport.of(options, MACHINE, duels);
        JsonReader reader = new JsonReader(json);
        Map<?, ?> all = (Map<?, ?>) reader.read();
        assertEquals(MACHINE, all.get("machine"));
        List<?> read = (List<?>) all.get("duels");
        assertEquals(duels.size(), read.size());
        Map<?, ?> first = (Map<?, ?>) read.get(0);
        assertEquals("throughput", first.get("kind"));
        assertEquals(1.625, ((Map<?, ?>) ((List<?>) first.get("measures")).get(0)).get("ratio"));
        assertEquals(2, ((List<?>) first.get("runs")).size());
        assertEquals("\"it\" said <no> & left", ((Map<?, ?>) read.get(4)).get("skipped"));
    }

    @Test
    void infinityIsNull() {
        assertEquals("{\"a\":null,\"b\":[1,true,null]}", Json.of(new TreeMap<>(
                Map.of("a", Double.POSITIVE_INFINITY, "b", Arrays.asList(1, true, null)))));
    }

    @Test
    void thePageIsWellFormedAndNeedsNothingElse() throws Exception {
        String html = HtmlReport.of(options, MACHINE, duels);
        Document page = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(html.getBytes(StandardCharsets.UTF_8)));
        assertEquals("html", page.getDocumentElement().getTagName());
        assertFalse(html.matches("(?s).*(https?:|src=|url\\(|<script|<link|@import).*"), "refers to something else");
        // Bars for each kind; and curves one after the other, at a rate and of wake-ups, all in each set of numbers.
        assertEquals(Kind.values().length * 4, page.getElementsByTagName("svg").getLength());
        NodeList lines = page.getElementsByTagName("polyline");
        assertEquals(Kind.values().length * 3 * 4, lines.getLength());
        for (int i = 0; i < lines.getLength(); i++) {
            String[] points = ((Element) lines.item(i)).getAttribute("points").split(" ");
            assertEquals(Percentiles.POINTS.size(), points.length);
            double before = -1;
            for (String point : points) {
                double x = Double.parseDouble(point.split(",")[0]);
                double y = Double.parseDouble(point.split(",")[1]);
                assertTrue(x >= before && x <= 760 && y >= 0 && y <= 360, point);
                before = x;
            }
        }
        assertTrue(page.getElementsByTagName("rect").getLength() >= Kind.values().length * 3);
    }
}
