package org.jvmipc.testkit;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * What the JVM of a {@link ChildJvm} starts: sees to it that the child does not outlive its parent, then runs the
 * {@link Peer} or the main class that is named in the first argument.
 */
final class PeerMain {

    private PeerMain() {
    }

    /**
     * Runs in the child.
     *
     * @param args the class to run, then its arguments
     * @throws Throwable what the main class throws
     */
    public static void main(String[] args) throws Throwable {
        // Up to Java 18 the standard streams follow the locale, which is plain ASCII on most build machines.
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        Class<?> type = Class.forName(args[0]);
        String[] rest = Arrays.copyOfRange(args, 1, args.length);
        if (Peer.class.isAssignableFrom(type)) {
            runPeer(type.asSubclass(Peer.class), rest);
        } else {
            runMain(type, rest);
        }
    }

    private static void runPeer(Class<? extends Peer> type, String[] args) {
        LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        ParentWatch.readLinesInto(lines);
        try {
            Constructor<? extends Peer> constructor = type.getDeclaredConstructor();
            constructor.trySetAccessible();
            constructor.newInstance().run(new PeerContext(List.of(args), lines));
        } catch (InvocationTargetException e) {
            fail(e.getCause());
        } catch (Throwable e) {
            fail(e);
        }
    }

    private static void runMain(Class<?> type, String[] args) throws Throwable {
        // The program may read its standard input itself, so the end of that input cannot be the sign.
        ParentWatch.watchProcess();
        Method main = type.getMethod("main", String[].class);
        main.trySetAccessible();
        try {
            main.invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static void fail(Throwable e) {
        e.printStackTrace();
        System.exit(1);
    }
}
