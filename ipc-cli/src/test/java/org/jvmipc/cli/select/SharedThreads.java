package org.jvmipc.cli.select;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.jvmipc.Ipc;
import org.jvmipc.Select;
import org.jvmipc.testkit.DebrisKind;
import org.jvmipc.testkit.IpcScope;

/** Starts the threads that all channels share: they keep their descriptors, which are no debris of the first test. */
public final class SharedThreads implements BeforeAllCallback {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        try (IpcScope scope = IpcScope.open(); Select<Kind> select = Select.fair()) {
            scope.relax(DebrisKind.DESCRIPTOR, "the threads have them");
            scope.relax(DebrisKind.THREAD, "they are what this is for");
            for (Kind kind : List.of(Kind.SHM, Kind.UNIX, Kind.UNIX_NATIVE, Kind.QUEUE)) {
                String address = kind.address(scope, "first");
                select.receive(kind, scope.track(Ipc.receiver(address)));
                scope.track(Ipc.sender(address)).send(ByteBuffer.allocate(1), LONG);
            }
            if (select.awaitAll(LONG).size() != 4 || select.await(Duration.ofMillis(5), Kind.MEM) != Kind.MEM) {
                throw new IllegalStateException("one message was sent by each of four channels, and something else "
                        + "came");
            }
        }
    }
}
