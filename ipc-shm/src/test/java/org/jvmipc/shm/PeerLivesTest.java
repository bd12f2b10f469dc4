package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.posix.IpcHome;
import org.jvmipc.posix.KernelLocks;
import org.jvmipc.posix.Life;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.testkit.IpcDir;

/** What tools know of participants whose numbers tell nothing, as they are of another PID namespace. */
@IpcDir
class PeerLivesTest {
    /** A life sign of that form that nobody has. */
    private static final String GONE = "life-1-0123456789abcdef";

    @ParameterizedTest
    @CsvSource({"own, here, ALIVE", "gone, here, DEAD", "own, elsewhere, UNKNOWN", "none, here, UNKNOWN"})
    void shouldTellByTheLifeSignIfItIsInTheSameDirectory(String sign, String where, Life life) {
        LifeSign own = LifeSign.own();
        String name = switch (sign) {
            case "own" -> own.name();
            case "gone" -> GONE;
            default -> "";
        };
        long home = IpcHome.identity() + (where.equals("here") ? 0 : 1);
        Participant peer = new Participant(ProcessIdentity.current().pid(), ProcessIdentity.current().startTime(),
                ProcessIdentity.current().pidNamespace() + 1, "peer", name, home);
        assertEquals(life, new PeerLives(KernelLocks.read()).life(peer));
    }
}
