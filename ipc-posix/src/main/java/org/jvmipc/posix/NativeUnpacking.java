package org.jvmipc.posix;

import com.kenai.jffi.MemoryIO;

/**
 * Has the native library unpacked by a thread of its own. It is written through a channel that an interrupt closes: a
 * caller that is interrupted, or gets so meanwhile, would leave half a file in {@code java.io.tmpdir} and another one
 * in the working directory, and native calls would never work again in this process, as the library's loader remembers
 * that it failed.
 */
final class NativeUnpacking {
    private NativeUnpacking() {
    }

    /** What went wrong, null if nothing did; returns when that is known. */
    static Throwable failure() {
        return Once.FAILURE;
    }

    /** Does not touch {@link Once}, whose initializer waits for it. */
    private static final class Loading implements Runnable {
        private Throwable failure;

        @Override
        public void run() {
            try {
                MemoryIO.getInstance();
            } catch (LinkageError | RuntimeException e) {
                failure = e;
            }
        }
    }

    private static final class Once {
        static final Throwable FAILURE = load();

        private Once() {
        }

        private static Throwable load() {
            Loading loading = new Loading();
            Thread thread = new Thread(loading, "ipc-native");
            thread.setDaemon(true);
            thread.start();
            boolean interrupted = false;
            boolean joined = false;
            while (!joined) {
                try {
                    thread.join();
                    joined = true;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return loading.failure;
        }
    }
}
