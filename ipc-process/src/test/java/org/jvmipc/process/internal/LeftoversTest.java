package org.jvmipc.process.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.jvmipc.Address;
import org.jvmipc.testkit.ChildJvm;

class LeftoversTest {
    /** Makes the channels of a group, and is killed before it has started anybody. */
    static final class Killed {
        private Killed() {
        }

        public static void main(String[] args) throws InterruptedException {
            String running = "group-" + ProcessHandle.current().pid() + "-1a";
            Join join = new Join("", "a", "b", Address.parse("shm:"));
            Wire wire = Wire.of(0, join, Map.of("a", List.of("a"), "b", List.of("b")), running);
            try (Wires wires = Wires.open(List.of(wire), running + "-board")) {
                System.out.println("ready " + wires.all().size());
                new CountDownLatch(1).await();
            }
        }
    }

    @Test
    void shouldRemoveTheChannelsOfAGroupThatWasKilledAndNoOthers() throws IOException {
        try (ChildJvm lives = ChildJvm.of(Killed.class).start(); ChildJvm dies = ChildJvm.of(Killed.class).start()) {
            lives.expect("ready 1");
            dies.expect("ready 1");
            dies.kill();
            dies.awaitDeath(Duration.ofSeconds(20));
            assertEquals(2, left(dies.pid()));
            Leftovers.remove();
            assertEquals(0, left(dies.pid()));
            assertEquals(2, left(lives.pid()));
            lives.terminate();
            lives.awaitDeath(Duration.ofSeconds(20));
            assertEquals(0, left(lives.pid()));
        }
    }

    private static long left(long pid) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            return files.filter(file -> file.toString().contains("-group-" + pid + "-")).count();
        }
    }
}
