package org.jvmipc.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.testkit.ChildJvm;

/** The two programs that the README shows, run as they stand there. */
@Timeout(60)
class HelloTest {
    @Test
    void shouldDeliverThreeMessagesAndTheEnd() throws Exception {
        Class<?> receiver = Class.forName("org.jvmipc.demos.hello.HelloReceiver");
        Class<?> sender = Class.forName("org.jvmipc.demos.hello.HelloSender");
        try (ChildJvm in = ChildJvm.of(receiver).start(); ChildJvm out = ChildJvm.of(sender).start()) {
            assertEquals(0, out.awaitExit());
            for (String line : List.of("message 1", "message 2", "message 3", "END")) {
                assertEquals(line, in.readLine());
            }
            assertEquals(0, in.awaitExit());
        }
    }
}
