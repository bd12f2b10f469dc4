package org.jvmipc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.Sender;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.shm.SharedSegment;
import org.jvmipc.shm.sync.SharedLock;

/** R52: names that were made to lead elsewhere, of all schemes and objects. */
class HostileNamesTest {
    private static final String MARK = "hostile" + ProcessHandle.current().pid();
    private static final List<Function<Address, AutoCloseable>> OPENINGS = List.of(Ipc::sender, Ipc::receiver,
            Ipc::connect, Ipc::listen, Ipc::sink, Ipc::source, Ipc::stream);

    /** What has such a name where the toolkit makes files, and where it must not. */
    private static Set<String> files() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path directory : List.of(Path.of("/dev/shm"), Path.of("").toAbsolutePath(),
                Path.of("").toAbsolutePath().getParent())) {
            try (Stream<Path> files = Files.list(directory)) {
                files.map(Path::toString).filter(name -> name.contains(MARK)).forEach(names::add);
            }
        }
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"mem", "shm", "posixmq", "sysvmq", "queue", "fifo", "unix", "pipe", "signal"})
    void shouldRefuseThemAndTouchNothing(String scheme) throws IOException {
        Set<String> before = files();
        for (String name : new String[] {"", ".", "..", "../" + MARK, "a/../../" + MARK, MARK + "/b",
            MARK + "h".repeat(300), MARK + "/\uD83D\uDE00"}) {
            Address address = Address.of(scheme, name);
            for (Function<Address, AutoCloseable> opening : OPENINGS) {
                if (!(scheme.equals("pipe") && name.isEmpty())) {
                    assertThrows(IllegalArgumentException.class, () -> opening.apply(address), address.toString());
                }
            }
        }
        for (String name : new String[] {MARK + "\0", "\0", MARK + "?keep=true"}) {
            assertThrows(IllegalArgumentException.class, () -> Address.of(scheme, name));
        }
        assertEquals(before, files());
    }

    @Test
    void shouldRefuseThemForMemoryAndLocks() throws IOException {
        Set<String> before = files();
        for (String name : new String[] {"", ".", "..", "../" + MARK, MARK + "/b", MARK + "h".repeat(300),
            MARK + "\0", MARK + "\uD83D\uDE00", "." + MARK}) {
            assertThrows(IllegalArgumentException.class, () -> SharedSegment.posix(name).openOrCreate(64), name);
            assertThrows(IllegalArgumentException.class, () -> SharedLock.named(name), name);
        }
        assertEquals(before, files());
    }

    /** What looks like an option to other programs begins with the toolkit's own prefix in the file system. */
    @Test
    void shouldMakeNoNameThatOtherProgramsTakeForAnOption() throws IOException {
        try (Sender sender = Ipc.sender("shm:-rf-" + MARK)) {
            assertTrue(sender.isOpen());
            assertEquals(Set.of("/dev/shm/jvmipc-" + ProcessIdentity.effectiveUid() + "--rf-" + MARK), files());
        }
        assertEquals(Set.of(), files());
    }
}
