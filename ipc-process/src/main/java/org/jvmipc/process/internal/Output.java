package org.jvmipc.process.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * Copies one output stream of a process, line by line, each with a prefix and in one piece. Bytes are copied as they
 * are. What is longer than {@value #LONGEST} bytes goes on in a line of its own, whose prefix ends with {@code +}. The
 * last line gets an end if it has none.
 */
final class Output {
    /** So many bytes of a line are kept before they are written. */
    static final int LONGEST = 8192;

    /** The first two bits of a byte in UTF-8 that is not the first of a character. */
    private static final int FIRST_TWO = 0xC0;
    private static final int GOES_ON = 0x80;
    private static final int LONGEST_CHARACTER = 4;

    private final byte[] prefix;
    private final byte[] again;
    private final PrintStream target;
    /** Prefix, line and end, so that one call writes all of it. */
    private final byte[] line;
    private int length;
    private boolean broken;

    Output(String name, PrintStream target) {
        this.prefix = ("[" + name + "] ").getBytes(StandardCharsets.UTF_8);
        this.again = ("[" + name + "]+").getBytes(StandardCharsets.UTF_8);
        this.target = target;
        this.line = new byte[prefix.length + LONGEST + 1];
        begin(prefix);
    }

    /**
     * Starts a daemon thread that copies until the stream ends. When a process exits, the JDK puts what is still in its
     * pipe aside in the same stream, under the lock that readers take, so that the end comes after that.
     *
     * @return completes when all is copied
     */
    CompletableFuture<Void> follow(InputStream in, String threadName) {
        CompletableFuture<Void> copied = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                drain(in);
                end();
            } finally {
                copied.complete(null);
            }
        }, threadName);
        thread.setDaemon(true);
        thread.start();
        return copied;
    }

    private void drain(InputStream in) {
        byte[] bytes = new byte[LONGEST];
        try {
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                add(bytes, count);
            }
        } catch (IOException closed) {
            // As good as its end.
            return;
        }
    }

    /** Copies some bytes. */
    void add(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                write(length);
                broken = false;
                begin(prefix);
            } else {
                if (length == prefix.length + LONGEST) {
                    breakLine();
                }
                line[length++] = bytes[i];
            }
        }
    }

    /** Not in the middle of a character. */
    private void breakLine() {
        int end = length;
        while (end > length - LONGEST_CHARACTER && (line[end - 1] & FIRST_TWO) == GOES_ON) {
            end--;
        }
        boolean inCharacter = end > length - LONGEST_CHARACTER && (line[end - 1] & FIRST_TWO) == FIRST_TWO;
        end = inCharacter ? end - 1 : length;
        byte[] rest = Arrays.copyOfRange(line, end, length);
        write(end);
        broken = true;
        begin(again);
        System.arraycopy(rest, 0, line, length, rest.length);
        length += rest.length;
    }

    private void begin(byte[] head) {
        System.arraycopy(head, 0, line, 0, head.length);
        length = head.length;
    }

    private void write(int end) {
        line[end] = '\n';
        synchronized (target) {
            target.write(line, 0, end + 1);
            target.flush();
        }
    }

    /** Nothing more will come. */
    void end() {
        if (length > prefix.length || broken) {
            write(length);
            broken = false;
            begin(prefix);
        }
    }
}
