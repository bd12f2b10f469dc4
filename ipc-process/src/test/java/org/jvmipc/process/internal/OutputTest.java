package org.jvmipc.process.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutputTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Output output = new Output("upper", new PrintStream(bytes, false, StandardCharsets.UTF_8));

    private String copy(String text, int pieces) {
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < all.length; from += pieces) {
            int count = Math.min(pieces, all.length - from);
            byte[] piece = new byte[count];
            System.arraycopy(all, from, piece, 0, count);
            output.add(piece, count);
        }
        output.end();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldPutTheNameInFrontOfEachLineHoweverItComes() {
        assertEquals("[upper] one\n[upper] \n[upper] zwölf\r\n[upper] last\n", copy("one\n\nzwölf\r\nlast", 2));
    }

    @Test
    void shouldPrintNothingForNothing() {
        assertEquals("", copy("", 1));
    }

    @Test
    void shouldBreakLongLinesBetweenCharactersAndLoseNothing() {
        String line = "a" + "€".repeat(Output.LONGEST);     // three bytes each, which do not fit evenly
        List<String> lines = new ArrayList<>(copy(line + "\nnext\n", 1000).lines().toList());
        assertEquals("[upper] next", lines.remove(lines.size() - 1));
        StringBuilder together = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String head = i == 0 ? "[upper] " : "[upper]+";
            assertEquals(head, lines.get(i).substring(0, head.length()));
            together.append(lines.get(i).substring(head.length()));
        }
        assertEquals(line, together.toString());
        assertEquals(4, lines.size());
    }

    @Test
    void shouldNotBreakALineThatJustFits() {
        String line = "x".repeat(Output.LONGEST);
        assertEquals("[upper] " + line + "\n", copy(line + "\n", 4096));
    }

    @Test
    void shouldTellWhenAStreamIsCopiedAlsoOneThatBreaksOff() throws Exception {
        InputStream breaksOff = new InputStream() {
            private int next;

            @Override
            public int read() throws IOException {
                if (next == "one\ntwo".length()) {
                    throw new IOException("closed");
                }
                return "one\ntwo".charAt(next++);
            }
        };
        output.follow(breaksOff, "copy").get(10, TimeUnit.SECONDS);
        assertEquals("[upper] one\n[upper] two\n", bytes.toString(StandardCharsets.UTF_8));
    }
}
