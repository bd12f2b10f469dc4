package org.jvmipc.posix.onpath;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.Fd;
import org.jvmipc.posix.FdReadiness;
import org.jvmipc.posix.FileCalls;
import org.jvmipc.posix.FutexCalls;
import org.jvmipc.posix.FutexReadiness;
import org.jvmipc.posix.Life;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.posix.LockCalls;
import org.jvmipc.posix.MemoryCalls;
import org.jvmipc.posix.NativeLibrary;
import org.jvmipc.posix.PollCalls;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.posix.Registry;
import org.jvmipc.posix.SharedFiles;
import org.jvmipc.posix.SocketCalls;

/** Runs in a JVM of its own, on the module path or with something missing, and prints what it finds. */
public final class Probe {

    private static final List<Class<?>> CLASSES = List.of(Errno.class, Fd.class, FdReadiness.class, FileCalls.class,
            FutexCalls.class, FutexReadiness.class, LifeSign.class, LockCalls.class, MemoryCalls.class,
            NativeLibrary.class, PollCalls.class, ProcessIdentity.class, Registry.class, SharedFiles.class,
            SocketCalls.class);

    private Probe() {
    }

    /**
     * Runs one probe.
     *
     * @param args its name
     * @throws Exception if it fails
     */
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "all":
                all();
                break;
            case "lazy":
                lazy();
                break;
            case "interrupted":
                interrupted();
                break;
            case "other-system":
                System.setProperty("os.name", "Plan 9");
                unsupported();
                break;
            default:
                unsupported();
                break;
        }
    }

    /** One call of each topic. */
    private static void all() throws IOException {
        System.out.println(FileCalls.class.getModule().getName());
        System.out.println(Errno.name(FileCalls.close(-1)) + " " + Errno.name(FileCalls.unlink("/none/none")));
        System.out.println(Errno.name(FutexCalls.wake(4, 1)) + " " + LockCalls.isLocked(-1));
        int[] ends = new int[2];
        System.out.println(SocketCalls.socketpair(SocketCalls.SOCK_STREAM, ends));
        try (Fd a = Fd.own(ends[0], "a"); Fd b = Fd.own(ends[1], "b")) {
            b.write(ByteBuffer.allocate(3));
            new FdReadiness(a, PollCalls.POLLIN).sleep(1_000_000_000);
            System.out.println(a.read(ByteBuffer.allocate(10)));
        }
        System.out.println(FileCalls.close(MemoryCalls.memfdCreate("x", MemoryCalls.MFD_CLOEXEC)));
        System.out.println(LifeSign.check(LifeSign.own().name()));
    }

    /** Initializes every class and uses what is plain Java; nothing native may come with it. */
    private static void lazy() throws Exception {
        for (Class<?> type : CLASSES) {
            Class.forName(type.getName(), true, Probe.class.getClassLoader());
        }
        FutexReadiness readiness = new FutexReadiness(ByteBuffer.allocateDirect(8), 0, 4, () -> true);
        readiness.signal();
        readiness.wakeUp();
        readiness.close();
        Registry.list();
        LifeSign.list();
        Path file = Files.createTempDirectory("lazy").resolve("f");
        SharedFiles.createPlain(file, 10).close();
        SharedFiles.open(file, 10).close();
        Files.delete(file);
        Files.delete(file.getParent());
        System.out.println(Files.readString(Path.of("/proc/self/maps")).contains("jffi") ? "native" : "plain");
    }

    /** The first native call is made by a thread that is interrupted. */
    private static void interrupted() {
        Thread.currentThread().interrupt();
        System.out.println(Errno.name(FileCalls.close(-1)));
        System.out.println(MemoryCalls.address(ByteBuffer.allocateDirect(1)) != 0);
        System.out.println(Thread.interrupted());
    }

    /** Native calls cannot work: each topic says so in the same way, the second time too. */
    private static void unsupported() {
        List<Runnable> calls = Arrays.asList(() -> FileCalls.close(-1), () -> FutexCalls.wake(4, 1),
                () -> FileCalls.close(-1), () -> SocketCalls.socket(1), () -> PollCalls.eventfd(0, 0),
                () -> MemoryCalls.address(ByteBuffer.allocateDirect(1)), () -> MemoryCalls.memfdCreate("x", 0),
                LifeSign::own);
        for (Runnable call : calls) {
            try {
                call.run();
                System.out.println("worked");
            } catch (UnsupportedOperationException e) {
                System.out.println("unsupported " + (e.getMessage().contains("tmpdir=") ? "tmpdir "
                        : e.getMessage().contains("Plan 9") ? "system " : "?") + e.getMessage().contains("mem:"));
            }
        }
        FutexReadiness readiness = new FutexReadiness(ByteBuffer.allocateDirect(8), 0, 4, () -> false);
        readiness.sleep(5_000_000_000L); // looks again after a while instead of sleeping in the kernel
        readiness.signal();
        Thread main = Thread.currentThread();
        boolean[] ran = new boolean[1];
        readiness.arm(() -> {
            ran[0] = true;
            java.util.concurrent.locks.LockSupport.unpark(main);
        });
        readiness.wakeUp();
        while (!ran[0]) {
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
        System.out.println(LifeSign.check("life-1-0123456789abcdef") == Life.DEAD ? "plain Java works" : "?");
    }
}
