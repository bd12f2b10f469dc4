package org.jvmipc.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcessIdentityTest {

    private final ProcessIdentity self = ProcessIdentity.current();

    @Test
    void thisProcessIsAlive() {
        assertEquals(ProcessHandle.current().pid(), self.pid());
        assertTrue(self.startTime() > 0);
        assertTrue(self.pidNamespace() > 0);
        assertEquals(36, self.bootId().length());
        assertEquals(Life.ALIVE, self.life());
        assertEquals(self, ProcessIdentity.of(self.pid()).orElseThrow());
    }

    @Test
    void goesThroughText() {
        ProcessIdentity copy = ProcessIdentity.parse(self.toString()).orElseThrow();
        assertEquals(self, copy);
        assertEquals(self.hashCode(), copy.hashCode());
        for (String bad : new String[] {"", "a:b:c:d", self + "0000000000000000000", "::1:2", "x" + self}) {
            assertTrue(ProcessIdentity.parse(bad).isEmpty(), bad);
        }
    }

    @Test
    void otherStartTimeBootOrNamespace() {
        ProcessIdentity reused = parse(self.bootId(), self.pidNamespace(), self.pid(), self.startTime() + 1);
        assertEquals(Life.DEAD, reused.life());
        assertNotEquals(self, reused);
        String boot = "00000000-0000-0000-0000-000000000000";
        assertFalse(parse(boot, self.pidNamespace(), self.pid(), self.startTime()).isAlive());
        ProcessIdentity foreign = parse(self.bootId(), self.pidNamespace() + 1, self.pid(), self.startTime());
        assertEquals(Life.UNKNOWN, foreign.life());
        assertTrue(foreign.isAlive());
        assertEquals(Life.DEAD, parse(self.bootId(), self.pidNamespace(), 4_999_999, 1).life());
    }

    @Test
    void uidIsThatOfNewFiles() throws Exception {
        Path file = Files.createTempFile("uid", "");
        assertEquals(Files.getAttribute(file, "unix:uid"), ProcessIdentity.effectiveUid());
        Files.delete(file);
    }

    private static ProcessIdentity parse(String boot, long namespace, long pid, long start) {
        return ProcessIdentity.parse(boot + ":" + namespace + ":" + pid + ":" + start).orElseThrow();
    }
}
