package org.jvmipc.testkit.contract;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Sends signals to all threads in turn as long as a contract runs, if that is wanted; see {@link UnderStorm}. The
 * signal is SIGPIPE, as the JVM has a handler for it that does nothing.
 */
public final class SignalStorm implements BeforeAllCallback, AfterAllCallback {
    private static final String RATE_PROPERTY = "ipc.testkit.storm";
    private static final String SCRIPT = "signal_storm.py";
    private static final ExtensionContext.Namespace MINE = ExtensionContext.Namespace.create(SignalStorm.class);

    /** The process that sends, and since when. */
    private record Storm(Process process, int rate, long start) {
    }

    /** For JUnit. */
    public SignalStorm() {
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        int rate = AnnotationSupport.findAnnotation(context.getRequiredTestClass(), UnderStorm.class)
                .map(UnderStorm::signalsPerSecond).orElse(Integer.getInteger(RATE_PROPERTY, 0));
        if (rate == 0) {
            return;
        }
        Process process = new ProcessBuilder("python3", "-c", script(), String.valueOf(ProcessHandle.current().pid()),
                String.valueOf(rate)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        if (process.getInputStream().read() != 'r') {
            process.destroyForcibly();
            throw new AssertionError("the storm of signals did not begin; is there python3?");
        }
        context.getStore(MINE).put(Storm.class, new Storm(process, rate, System.nanoTime()));
    }

    /** Checks that there was a storm indeed. */
    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        Storm storm = context.getStore(MINE).remove(Storm.class, Storm.class);
        if (storm == null) {
            return;
        }
        try {
            double seconds = (System.nanoTime() - storm.start) / 1e9;
            storm.process.getOutputStream().close();
            String sent = new BufferedReader(new InputStreamReader(storm.process.getInputStream(),
                    StandardCharsets.US_ASCII)).readLine();
            if (!storm.process.waitFor(10, TimeUnit.SECONDS) || sent == null) {
                throw new AssertionError("the storm of signals ended before the tests");
            }
            double least = storm.rate * seconds / 10;
            if (Integer.parseInt(sent.strip()) < least) {
                throw new AssertionError(sent + " signals in " + seconds + " s are no storm; wanted are " + storm.rate
                        + " a second");
            }
        } finally {
            storm.process.destroyForcibly();
        }
    }

    private static String script() throws IOException {
        try (InputStream in = SignalStorm.class.getResourceAsStream(SCRIPT)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
