package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupMemoryTest {
    @TempDir
    private Path mount;

    private long available(String groups) throws IOException {
        return CgroupMemory.available(Files.writeString(mount.resolve("groups"), groups), mount);
    }

    private void group(String path, String limit, String used, String statistics) throws IOException {
        Path group = Files.createDirectories(mount.resolve(path));
        boolean two = !path.startsWith("memory");
        Files.writeString(group.resolve(two ? "memory.max" : "memory.limit_in_bytes"), limit + "\n");
        Files.writeString(group.resolve(two ? "memory.current" : "memory.usage_in_bytes"), used + "\n");
        Files.writeString(group.resolve("memory.stat"), statistics);
    }

    @Test
    void shouldTellWhatTheNarrowestGroupOfVersionTwoLeaves() throws IOException {
        group("a", "9000", "1000", "anon 800\ninactive_file 150\nactive_file 50\nshmem 700\n");
        group("a/b", "max", "900", "anon 1\n");
        assertEquals(8200, available("0::/a/b\n"));
        group("a/b", "2000", "900", "anon 1\ninactive_file 100\nactive_file 0\n");
        assertEquals(1200, available("0::/a/b\n"));
        group("a/b", "500", "900", "anon 900\n");
        assertEquals(0, available("0::/a/b\n"));
    }

    @Test
    void shouldTellWhatVersionOneLeaves() throws IOException {
        group("memory", "9223372036854771712", "70000", "total_inactive_file 0\n");
        group("memory/box", "5000", "3000", "inactive_file 7\ntotal_inactive_file 300\ntotal_active_file 200\n");
        String groups = "5:devices:/\n4:cpu,memory:/box\n0::/\n";
        assertEquals(2500, available(groups));
        // Within the container the path is that of outside, and what is mounted is its own group.
        group("memory", "4000", "3000", "total_active_file 5\n");
        assertEquals(1005, available("4:memory:/docker/123\n"));
    }

    @Test
    void shouldSeeNoLimitWhereNoneIsTold() throws IOException {
        assertEquals(Long.MAX_VALUE, available("0::/nowhere\n"));
        assertEquals(Long.MAX_VALUE, available("nonsense\n"));
        assertEquals(Long.MAX_VALUE, CgroupMemory.available(mount.resolve("none"), mount));
        group("a", "many", "1", "anon 1\n");
        assertEquals(Long.MAX_VALUE, available("0::/a\n"));
        group("b", "100", "40", "anon 1\n");
        assertEquals(Long.MAX_VALUE, available("0::/../../b\n"), "a group outside of what is mounted");
        assertTrue(CgroupMemory.available() > 0);
    }
}
