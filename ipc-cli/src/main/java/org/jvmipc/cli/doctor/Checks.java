package org.jvmipc.cli.doctor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** All checks, each of which gives one finding. */
public final class Checks {
    private static final String QUEUE_OPTIONS = "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED "
            + "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED";
    private static final String SHM = "/dev/shm";
    private static final long MEGA = 1 << 20;
    private static final long SMALL_SHM = 64 * MEGA;
    private static final long LITTLE_FREE = 16 * MEGA;
    private static final long FEW_FILES = 1024;
    private static final int FIRST_VERSION = 17;
    private static final int FIRST_USER = 1000;
    /** The inode of the PID namespace that the machine began with (PROC_PID_INIT_INO of Linux). */
    private static final String FIRST_NAMESPACE = "pid:[4026531836]";

    private final Machine machine;
    private final ControlGroups groups;

    /**
     * Prepares the checks.
     *
     * @param machine what they look at
     */
    public Checks(Machine machine) {
        this.machine = machine;
        this.groups = new ControlGroups(machine);
    }

    /**
     * Runs them all.
     *
     * @return findings, in a fixed order
     */
    public List<Finding> run() {
        List<Finding> findings = new ArrayList<>(Arrays.asList(jdk(), options(), temporary(), processors(), memory(),
                shm(), shmSpace(), home(), posixQueues(), queueBytes(), systemV(), files(), container(), namespace(),
                proc(), removal()));
        findings.removeIf(finding -> finding == null);
        return findings;
    }

    private Finding jdk() {
        String text = machine.property("java.version") + " (" + machine.property("java.vm.name") + ", "
                + machine.property("os.arch") + ")";
        String system = machine.property("os.name");
        if (!system.equals("Linux")) {
            return Finding.warn("jdk", text + " on " + system, "shared memory, kernel queues and FIFOs need Linux; use "
                    + "unix:, queue: and mem: here");
        }
        String arch = machine.property("os.arch");
        if (!arch.equals("amd64") && !arch.equals("aarch64")) {
            return Finding.warn("jdk", text, "native calls are made on amd64 and aarch64; elsewhere shm: works with "
                    + "wait=spin or wait=yield only");
        }
        int version = version();
        return version < FIRST_VERSION ? Finding.fail("jdk", text, "use JDK " + FIRST_VERSION + " or newer")
                : Finding.ok("jdk", text);
    }

    private int version() {
        try {
            return Integer.parseInt(machine.property("java.specification.version"));
        } catch (NumberFormatException old) {
            return 8;
        }
    }

    private Finding options() {
        String given = machine.variable("JDK_JAVA_OPTIONS") + " " + machine.variable("JAVA_TOOL_OPTIONS");
        boolean opened = given.contains("java.base/java.lang.reflect") && given.contains("java.base/sun.nio.ch");
        return opened ? Finding.ok("jvm options", "the environment has those that queue: needs")
                : Finding.note("jvm options", "queue: needs some; all other channels need none",
                        "for programs that use queue: export JDK_JAVA_OPTIONS=\"" + QUEUE_OPTIONS + "\"");
    }

    /** The native library is unpacked there. */
    private Finding temporary() {
        String directory = machine.property("java.io.tmpdir");
        Optional<Machine.Mount> mount = machine.mount(directory);
        if (!machine.isDirectory(directory)) {
            return Finding.fail("temp dir", directory + " is no directory; the native library is unpacked there",
                    "make it, or name another one by -Djava.io.tmpdir=DIR");
        }
        return mount.isPresent() && mount.get().has("noexec")
                ? Finding.fail("temp dir", directory + " is mounted noexec, so that the native library cannot be "
                        + "loaded from there", "java -Djava.io.tmpdir=DIR with a directory that is not "
                        + "mounted noexec, or "
                        + "mount -o remount,exec " + directory)
                : Finding.ok("temp dir", directory + " can hold the native library");
    }

    private Finding processors() {
        int count = Runtime.getRuntime().availableProcessors();
        long quota = groups.processor();
        if (quota >= 0 && quota < 100) {
            return Finding.note("processors", "the CPU quota is " + quota + " % of one processor",
                    "waiting threads sleep at once instead of spinning first; for low latency give one processor or "
                            + "more");
        }
        return count == 1 ? Finding.note("processors", "there is one", "waiting threads sleep at once instead of "
                + "spinning first; for low latency give two or more")
                : Finding.ok("processors", count + " for this JVM");
    }

    private Finding memory() {
        long limit = groups.memory();
        return limit < 0 ? Finding.ok("memory", "no control group limits it, as far as can be told")
                : Finding.note("memory", "the control group of this process may use " + limit / MEGA + " MiB, and what "
                        + "it writes to /dev/shm counts", "leave room for rings and queues beside the heap: a larger "
                        + "--memory of Docker or memory limit of the Pod, or java -Xmx" + limit / MEGA / 2 + "m");
    }

    private Finding shm() {
        if (!machine.isDirectory(SHM)) {
            return Finding.fail("/dev/shm", "there is none, so that there is no shm:",
                    "mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs /dev/shm");
        }
        Optional<Machine.Mount> mount = machine.mount(SHM);
        if (mount.isEmpty()) {
            return Finding.note("/dev/shm", "it cannot be told what is mounted there", "look at /proc/mounts");
        }
        if (!mount.get().type().equals("tmpfs")) {
            return Finding.warn("/dev/shm", "it is of type " + mount.get().type() + ", not in memory: slow, and what "
                    + "is in it outlives the boot", "mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs /dev/shm");
        }
        return mount.get().has("ro") ? Finding.fail("/dev/shm", "it is mounted read-only",
                "mount -o remount,rw /dev/shm; with Docker: --tmpfs /dev/shm:rw,mode=1777")
                : Finding.ok("/dev/shm", "tmpfs, " + mount.get().options());
    }

    private Finding shmSpace() {
        Optional<long[]> space = machine.space(SHM);
        if (space.isEmpty() || !machine.isDirectory(SHM)) {
            return null;
        }
        long size = space.get()[0];
        long free = space.get()[1];
        String text = size / MEGA + " MiB, " + free / MEGA + " MiB free";
        if (free < LITTLE_FREE) {
            return Finding.fail("shm space", text, "ipc clean; or mount -o remount,size=1g /dev/shm; with Docker: "
                    + "--shm-size=1g");
        }
        return size <= SMALL_SHM ? Finding.warn("shm space", text + ": what containers get if nothing is said",
                "docker run --shm-size=1g, shm_size: 1g of Compose, or an emptyDir of medium Memory in Kubernetes")
                : Finding.ok("shm space", text);
    }

    private Finding home() {
        String home = machine.variable("IPC_HOME");
        if (home.isEmpty()) {
            return Finding.ok("ipc home", "in /dev/shm, as IPC_HOME is not set");
        }
        return machine.isDirectory(home)
                ? Finding.note("ipc home", "IPC_HOME is " + home, "all processes that share channels need the same")
                : Finding.fail("ipc home", "IPC_HOME is " + home + ", which is no directory", "mkdir -m 700 " + home
                        + ", or unset IPC_HOME");
    }

    private Finding posixQueues() {
        String limits = "/proc/sys/fs/mqueue";
        if (!machine.isDirectory(limits)) {
            return Finding.warn("posix queues", "this kernel has none", "use sysvmq:, queue: or shm: instead");
        }
        String text = "up to " + machine.number(limits + "/queues_max") + " queues of "
                + machine.number(limits + "/msg_max") + " messages of " + machine.number(limits + "/msgsize_max")
                + " bytes";
        Optional<String> mounted = machine.mounted("mqueue");
        return mounted.isPresent() ? Finding.ok("posix queues", text + ", shown in " + mounted.get())
                : Finding.note("posix queues", text + "; the file system that shows them is not mounted, so that ipc "
                        + "ls sees only those that are open", "mkdir -p /dev/mqueue && mount -t mqueue none "
                        + "/dev/mqueue");
    }

    private Finding queueBytes() {
        long bytes = machine.limit("Max msgqueue size");
        long messages = machine.number("/proc/sys/fs/mqueue/msg_default");
        long size = machine.number("/proc/sys/fs/mqueue/msgsize_default");
        // What the kernel adds to each message, about.
        long queue = messages * (size + 64);
        if (bytes == -2 || messages < 0 || size < 0) {
            return null;
        }
        return bytes >= 0 && bytes < 2 * queue
                ? Finding.warn("queue bytes", "all POSIX queues of this user may take " + bytes + " bytes, and one of "
                        + "default size takes about " + queue,
                        "ulimit -q 8192000; LimitMSGQUEUE= of systemd, --ulimit msgqueue= of Docker")
                : Finding.ok("queue bytes", bytes < 0 ? "unlimited" : bytes + " for all POSIX queues of this user");
    }

    private Finding systemV() {
        long queues = machine.number("/proc/sys/kernel/msgmni");
        if (queues < 0) {
            return Finding.warn("system v", "this kernel has no queues of System V", "use posixmq:, queue: or shm:");
        }
        long used = machine.text("/proc/sysvipc/msg").lines().skip(1).count();
        long segments = machine.text("/proc/sysvipc/shm").lines().skip(1).count();
        long most = machine.number("/proc/sys/kernel/shmmni");
        String text = used + " of " + queues + " queues, " + segments + " of " + most + " segments in use";
        boolean full = used * 10 >= queues * 9 || most > 0 && segments * 10 >= most * 9;
        return full ? Finding.warn("system v", text, "remove what nobody needs (ipcs, ipcrm), or sysctl -w "
                + "kernel.msgmni=32000 kernel.shmmni=4096") : Finding.ok("system v", text);
    }

    private Finding files() {
        long limit = machine.limit("Max open files");
        if (limit == -2) {
            return null;
        }
        return limit >= 0 && limit < FEW_FILES ? Finding.warn("open files", "a process may have " + limit
                + " open", "ulimit -n 65536; LimitNOFILE= of systemd, --ulimit nofile= of Docker")
                : Finding.ok("open files", limit < 0 ? "unlimited" : limit + " for a process");
    }

    private Finding container() {
        String environ = machine.variable("container");
        boolean docker = machine.exists("/.dockerenv") || machine.exists("/run/.containerenv") || !environ.isEmpty()
                || machine.exists("/var/run/secrets/kubernetes.io");
        return docker ? Finding.note("container", "this runs in one", "processes in other containers share channels "
                + "only with --ipc (or a volume at /dev/shm), and signals only with --pid in common")
                : Finding.ok("container", "this does not run in one, as far as can be told");
    }

    private Finding namespace() {
        String own = machine.link("/proc/self/ns/pid");
        if (own.isEmpty()) {
            return null;
        }
        String first = machine.text("/proc/1/comm").trim();
        if (own.equals(FIRST_NAMESPACE)) {
            return Finding.ok("pid namespace", "the machine's own");
        }
        return Finding.note("pid namespace", "not the machine's own (" + own + ", process 1 is "
                + (first.isEmpty() ? "hidden" : first) + ")", "process numbers mean nothing to processes of other "
                + "namespaces; life signs work between those that share /dev/shm");
    }

    private Finding proc() {
        Optional<Machine.Mount> mount = machine.mount("/proc");
        if (mount.isEmpty()) {
            return Finding.fail("/proc", "it is not mounted", "mount -t proc proc /proc");
        }
        String options = mount.get().options();
        boolean hidden = options.contains("hidepid=1") || options.contains("hidepid=2")
                || options.contains("hidepid=invisible") || options.contains("hidepid=noaccess");
        return hidden ? Finding.note("/proc", "it hides processes of other users (" + options + ")",
                "ipc ls shows only this user's as holders of sockets and FIFOs")
                : Finding.ok("/proc", "it shows all processes");
    }

    /** What logind does when the last session of a user ends: logind.conf(5), RemoveIPC. */
    private Finding removal() {
        if (!machine.isDirectory("/run/systemd/system")) {
            return Finding.ok("RemoveIPC", "there is no systemd that would remove what belongs to users");
        }
        String value = "yes";
        List<String> configurations = new ArrayList<>();
        for (String directory : List.of("/usr/lib/systemd/logind.conf.d", "/etc/systemd/logind.conf.d")) {
            List<String> files = machine.files(directory);
            files.sort(null);
            configurations.addAll(files);
        }
        configurations.add(0, "/etc/systemd/logind.conf");
        for (String file : configurations) {
            for (String line : machine.text(file).split("\n")) {
                if (line.trim().startsWith("RemoveIPC=")) {
                    value = line.trim().substring("RemoveIPC=".length()).trim();
                }
            }
        }
        boolean off = value.equalsIgnoreCase("no") || value.equals("0") || value.equalsIgnoreCase("false")
                || value.equalsIgnoreCase("off");
        if (off) {
            return Finding.ok("RemoveIPC", "logind leaves what belongs to users");
        }
        return uid() < FIRST_USER
                ? Finding.ok("RemoveIPC", "logind leaves what belongs to system users, as this one is")
                : Finding.warn("RemoveIPC", "logind removes this user's /dev/shm files, queues and System V objects "
                        + "when the last session ends, also under services that go on",
                        "RemoveIPC=no in /etc/systemd/logind.conf and systemctl restart systemd-logind; or run "
                                + "services as a system user");
    }

    private long uid() {
        for (String line : machine.text("/proc/self/status").split("\n")) {
            if (line.startsWith("Uid:")) {
                return Long.parseLong(line.substring("Uid:".length()).trim().split("\\s+")[0]);
            }
        }
        return 0;
    }
}
