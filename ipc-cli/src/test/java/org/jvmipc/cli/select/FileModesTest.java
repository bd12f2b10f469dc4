package org.jvmipc.cli.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** R48: whatever the umask is, files are for their owner alone. */
@IpcDir
class FileModesTest {
    @IpcDir
    private IpcScope scope;

    /** Has a receiver open of each channel. */
    static final class Opener implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            List<Receiver> receivers = new ArrayList<>();
            for (String address : context.args()) {
                receivers.add(Ipc.receiver(address));
            }
            context.say("open");
            context.hear();
            receivers.forEach(Receiver::close);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"000", "777"})
    void shouldBeForTheOwnerOnlyWhateverTheUmask(String umask) throws IOException {
        List<String> addresses = Arrays.stream(Kind.values()).filter(kind -> kind != Kind.PIPE && kind != Kind.SIGNAL)
                .map(kind -> kind.address(scope, "u")).toList();
        try (ChildJvm child = ChildJvm.of(Opener.class).args(addresses.toArray())
                .wrapper("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh").start()) {
            child.expect("open");
            List<Path> files = files();
            // Rings, sockets and a FIFO, and the directory of a queue with what is in it.
            assertTrue(files.size() > 10, files.toString());
            for (Path file : files) {
                assertEquals(Files.isDirectory(file) ? "rwx------" : "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), file.toString());
            }
            child.send("end");
            assertEquals(0, child.awaitExit(), child.errors());
        }
    }

    private List<Path> files() throws IOException {
        List<Path> all = new ArrayList<>();
        String mark = scope.name("u-");
        try (Stream<Path> memory = Files.list(Path.of("/dev/shm")); Stream<Path> own = Files.walk(scope.dir())) {
            memory.filter(file -> file.getFileName().toString().contains(mark)).forEach(all::add);
            own.filter(file -> !file.equals(scope.dir())).forEach(all::add);
        }
        return all;
    }
}
