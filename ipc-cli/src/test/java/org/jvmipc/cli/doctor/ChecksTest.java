package org.jvmipc.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.cli.doctor.Finding.Level;

/** What is found on machines that are made of files. */
class ChecksTest {
    @TempDir
    private Path root;

    private final Properties properties = new Properties();

    @BeforeEach
    void makeAGoodMachine() throws IOException {
        properties.putAll(Map.of("java.version", "17.0.15", "java.vm.name", "VM", "os.arch", "amd64",
                "os.name", "Linux", "java.specification.version", "17", "java.io.tmpdir", "/tmp"));
        Files.createDirectories(root.resolve("tmp"));
        Files.createDirectories(root.resolve("dev/shm"));
        file("/proc/mounts", "rootfs / ext4 rw 0 0\ntmpfs /dev/shm tmpfs rw,nosuid 0 0\nproc /proc proc rw 0 0\n"
                + "mqueue /dev/mqueue mqueue rw 0 0\n");
        file("/proc/sys/fs/mqueue/queues_max", "256\n");
        file("/proc/sys/fs/mqueue/msg_max", "10\n");
        file("/proc/sys/fs/mqueue/msgsize_max", "8192\n");
        file("/proc/sys/fs/mqueue/msg_default", "10\n");
        file("/proc/sys/fs/mqueue/msgsize_default", "8192\n");
        file("/proc/sys/kernel/msgmni", "32000\n");
        file("/proc/sys/kernel/shmmni", "4096\n");
        file("/proc/self/limits", "Limit        Soft Limit   Hard Limit   Units\n"
                + "Max open files    4096    4096    files\n"
                + "Max msgqueue size         819200               819200               bytes     \n");
        file("/proc/self/status", "Name:\tjava\nUid:\t1000\t1000\t1000\t1000\n");
        file("/proc/self/cgroup", "0::/a/b\n");
        file("/sys/fs/cgroup/a/memory.max", "max\n");
        file("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        Files.createDirectories(root.resolve("proc/self/ns"));
        Files.createSymbolicLink(root.resolve("proc/self/ns/pid"), Path.of("pid:[4026531836]"));
    }

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private List<Finding> run() {
        return new Checks(new Machine(root, Map.of("JDK_JAVA_OPTIONS",
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED --add-opens=java.base/sun.nio.ch=ALL-UNNAMED"),
                properties)).run();
    }

    private Finding find(String check) {
        return run().stream().filter(finding -> finding.check().equals(check)).findFirst().orElseThrow();
    }

    @Test
    void aGoodMachineHasNothingToMend() {
        List<Finding> findings = run();
        assertTrue(findings.size() >= 14, findings::toString);
        assertTrue(findings.stream().allMatch(finding -> finding.level() == Level.OK
                || finding.check().equals("processors")), findings::toString);
        assertTrue(findings.stream().allMatch(finding -> finding.fix().isEmpty() == (finding.level() == Level.OK)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/dev/shm     | FAIL | /proc/mounts      | tmpfs /dev/shm tmpfs ro,nosuid 0 0                  | read-only",
        "/dev/shm     | WARN | /proc/mounts      | disk /dev/shm ext4 rw 0 0                           | type ext4",
        "temp dir     | FAIL | /proc/mounts      | tmpfs /tmp tmpfs rw,noexec 0 0                      | noexec",
        "posix queues | NOTE | /proc/mounts      | tmpfs /dev/shm tmpfs rw 0 0                         | 256 queues",
        "/proc        | NOTE | /proc/mounts      | proc /proc proc rw,hidepid=2 0 0                    | hides",
        "/proc        | FAIL | /proc/mounts      | ''                                                  | not mounted",
        "queue bytes  | WARN | /proc/self/limits | 'Max msgqueue size      65536    65536    bytes'     | 65536",
        "open files   | WARN | /proc/self/limits | 'Max open files      256    256    files'            | 256",
        "system v     | WARN | /proc/sys/kernel/shmmni | 1                                        | of 1 segments",
        "container    | NOTE | /.dockerenv       | ''                                                  | runs in one",
        "RemoveIPC    | WARN | /run/systemd/system/x | ''                                         | logind removes",
        "processors   | NOTE | /sys/fs/cgroup/cpu.max | 50000 100000                                   | 50 %",
        "processors   | NOTE | /sys/fs/cgroup/a/cpu.max | 30000 100000                                 | 30 %",
        "memory       | NOTE | /sys/fs/cgroup/a/b/memory.max | 268435456                               | 256 MiB",
        "memory       | NOTE | /sys/fs/cgroup/memory/memory.limit_in_bytes | 104857600                 | 100 MiB"
    })
    void whatIsWrongIsFoundAndHasAFix(String check, Level level, String path, String text, String says)
            throws IOException {
        file("/proc/sysvipc/shm", "key\n1\n2\n");
        if (check.equals("system v")) {
            file(path, text + "\n");
        } else {
            Files.deleteIfExists(root.resolve("proc/sysvipc/shm"));
            file(path, text + "\n");
        }
        Finding finding = find(check);
        assertEquals(level, finding.level(), finding::toString);
        assertTrue(finding.text().contains(says), finding::toString);
        assertFalse(finding.fix().isEmpty(), finding::toString);
    }

    @Test
    void whatLogindIsToldCountsInTheOrderOfItsFiles() throws IOException {
        file("/run/systemd/system/x", "");
        file("/etc/systemd/logind.conf", "[Login]\n#RemoveIPC=yes\nRemoveIPC=yes\n");
        file("/etc/systemd/logind.conf.d/10-ipc.conf", "[Login]\nRemoveIPC=no\n");
        assertEquals(Level.OK, find("RemoveIPC").level());
        file("/etc/systemd/logind.conf.d/20-ipc.conf", "[Login]\nRemoveIPC=yes\n");
        assertEquals(Level.WARN, find("RemoveIPC").level());
        file("/proc/self/status", "Uid:\t101\t101\t101\t101\n");
        assertEquals(Level.OK, find("RemoveIPC").level());
    }
}
