package org.jvmipc.testkit;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The programs that the tests run in children. */
final class Peers {

    private Peers() {
    }

    /** Says its arguments and whatever it hears, until it hears "end". */
    static final class Echo implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            context.say("ready " + context.args());
            for (String line = context.hear(); !line.equals("end"); line = context.hear()) {
                context.say("heard " + line);
            }
        }
    }

    /** Tells what the builder gave it. */
    static final class Introduce implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            context.say("pid " + ProcessHandle.current().pid());
            context.say("parameter " + context.parameter("depth") + ' ' + context.parameter("none", "default"));
            context.say("environment " + System.getenv("TESTKIT_COLOUR"));
            context.say("heap " + Runtime.getRuntime().maxMemory() / (1 << 20));
            context.say("directory " + System.getProperty("user.dir"));
            context.say("feature " + Runtime.version().feature());
            context.say("module " + getClass().getModule().getName() + ' ' + Peer.class.getModule().getName());
            context.say("nothing heard: " + context.hear(Duration.ZERO));
        }
    }

    /** Fails, with another thread still running. */
    static final class Crash implements Peer {
        @Override
        public void run(PeerContext context) {
            context.say("about to fail");
            new Thread(LockSupport::park).start();
            throw new IllegalStateException("crashed on purpose");
        }
    }

    /** Never returns. */
    static final class Hang implements Peer {
        @Override
        public void run(PeerContext context) {
            context.say("hanging");
            loopForEver();
        }

        private void loopForEver() {
            while (true) {
                LockSupport.park();
            }
        }
    }

    /** Uses the CPU all the time. */
    static final class Spin implements Peer {
        @Override
        public void run(PeerContext context) {
            context.say("spinning");
            while (true) {
                Thread.onSpinWait();
            }
        }
    }

    /** Writes much, a part of it without an end of line, and ends at once. */
    static final class Chatter implements Peer {
        @Override
        public void run(PeerContext context) {
            int lines = Integer.parseInt(context.arg(0));
            for (int i = 0; i < lines; i++) {
                context.say("line " + i);
            }
            System.out.print("the rest \u00e4\u20ac");
            System.err.print("and the error");
        }
    }

    /** Starts a child of its own that holds the same standard output, and hangs. */
    static final class Grandparent implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            Process sleep = new ProcessBuilder("sleep", "300").inheritIO().start();
            context.say("grandchild " + sleep.pid());
            sleep.waitFor();
        }
    }

    /** Starts children as a test would, and tells their numbers. */
    static final class Parent implements Peer {
        @Override
        public void run(PeerContext context) throws Exception {
            ChildJvm peer = ChildJvm.of(Hang.class).start();
            ChildJvm main = ChildJvm.of(Program.class).args("hang").start();
            ChildJvm stopped = ChildJvm.of(Hang.class).start();
            peer.expect("hanging");
            main.expect("program");
            stopped.expect("hanging");
            if (context.parameter("stop", "no").equals("yes")) {
                stopped.stop();
            }
            context.say("children " + peer.pid() + ' ' + main.pid() + ' ' + stopped.pid());
            context.hear();
        }
    }

    /** Cannot be made without an argument. */
    static final class NeedsArgument implements Peer {
        NeedsArgument(String ignored) {
            throw new AssertionError("not reached");
        }

        @Override
        public void run(PeerContext context) {
            throw new AssertionError("not reached");
        }
    }

    /** An ordinary program. */
    static final class Program {

        private Program() {
        }

        /**
         * Copies one line from the standard input.
         *
         * @param args "fail", "hang", or anything else
         */
        public static void main(String[] args) throws Exception {
            System.out.println("program " + String.join(",", args));
            if (args[0].equals("fail")) {
                throw new IllegalStateException("failed on purpose");
            }
            if (args[0].equals("hang")) {
                LockSupport.park();
            }
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            System.out.println("read " + in.readLine());
        }
    }
}
