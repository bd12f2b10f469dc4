package org.jvmipc.posix;

import java.nio.ByteBuffer;
import java.util.List;
import org.jvmipc.posix.internal.CString;
import org.jvmipc.posix.internal.NativeBuffer;
import org.jvmipc.posix.internal.NativeBufferPool;
import org.jvmipc.posix.internal.calls.FileLib;
import org.jvmipc.posix.internal.calls.SignalLib;
import org.jvmipc.posix.internal.calls.SyscallLib;

/**
 * Signals and process descriptors. Sets of signals are {@code long}s as in {@code /proc/<pid>/status}: bit
 * {@code n - 1} stands for signal {@code n}. Errors are returned as {@code -errno}. All methods may be called from any
 * thread and throw {@link UnsupportedOperationException} where native calls do not work.
 */
public final class SignalCalls {

    /** The size of a {@code struct signalfd_siginfo}, in bytes. */
    public static final int INFO_SIZE = 128;
    /** The signal's number in a {@code struct signalfd_siginfo}, 4 bytes. */
    public static final int INFO_SIGNAL = 0;
    /** How it was sent, 4 bytes: {@link #SI_QUEUE}, {@link #SI_USER} or what the kernel sends. */
    public static final int INFO_CODE = 8;
    /** The sender, 4 bytes. */
    public static final int INFO_PID = 12;
    /** The sender's real user, 4 bytes. */
    public static final int INFO_UID = 16;
    /** What {@code sigqueue} gave, 8 bytes; an integer is in the lower half, whose upper half may hold anything. */
    public static final int INFO_VALUE = 48;
    /** Sent by {@code kill}. */
    public static final int SI_USER = 0;
    /** Sent by {@code sigqueue}: there is a value. */
    public static final int SI_QUEUE = -1;

    private static final int SFD_NONBLOCK = 04000;
    private static final int SFD_CLOEXEC = 02000000;
    private static final int SIG_SETMASK = 2;
    /** The C library's {@code sigset_t}. */
    private static final int SET_SIZE = 128;
    /** The kernel's {@code siginfo_t}, and where the fields of a queued signal stand in it. */
    private static final int SIGINFO_SIZE = 128;
    private static final int SIGINFO_CODE = 8;
    private static final int SIGINFO_PID = 16;
    private static final int SIGINFO_UID = 20;
    private static final int SIGINFO_VALUE = 24;

    private static final long SYS_PIDFD_SEND_SIGNAL = 424;
    private static final long SYS_PIDFD_OPEN = 434;
    /** {@code _IOWR(0xFF, 11, struct pidfd_info)} of its first version. */
    private static final long PIDFD_GET_INFO = 0xC040FF0BL;
    private static final int PIDFD_INFO_SIZE = 64;
    private static final int PIDFD_INFO_EXIT = 1 << 3;
    private static final int PIDFD_INFO_EXIT_CODE = 60;

    private static final NativeBufferPool STRUCTS = new NativeBufferPool(8, SIGINFO_SIZE, SIGINFO_SIZE);

    private SignalCalls() {
    }

    /**
     * Sends a signal, {@code kill(2)}.
     *
     * @param pid a process; a negative number is the process group of that number, and 0 and -1 are many
     * @param signal its number; 0 looks whether it could be sent
     * @return 0 or {@code -errno}
     */
    public static int kill(int pid, int signal) {
        return NativeLibrary.result(lib().kill(pid, signal));
    }

    /**
     * Sends a signal with a value, {@code sigqueue(3)}.
     *
     * @param pid a process
     * @param signal its number
     * @param value what goes with it; an integer is the lower half
     * @return 0, {@code -EAGAIN} if too many signals are waiting for that user, or another {@code -errno}
     */
    public static int queue(int pid, int signal, long value) {
        return NativeLibrary.result(lib().sigqueue(pid, signal, value));
    }

    /**
     * Makes a descriptor that stands for a process, also after its number was given to another one,
     * {@code pidfd_open(2)}. It is closed in children, and readable once the process has ended.
     *
     * @param pid a process
     * @return a descriptor or {@code -errno}, {@code -ENOSYS} before Linux 5.3
     */
    public static int openProcess(int pid) {
        return (int) NativeLibrary.result(syscalls().syscall(SYS_PIDFD_OPEN, pid, 0, 0, 0));
    }

    /**
     * Sends a signal to the process that a descriptor stands for, {@code pidfd_send_signal(2)}.
     *
     * @param process from {@link #openProcess}
     * @param signal its number; 0 looks whether it could be sent
     * @return 0 or {@code -errno}
     */
    public static int send(int process, int signal) {
        return (int) NativeLibrary.result(syscalls().syscall(SYS_PIDFD_SEND_SIGNAL, process, signal, 0, 0));
    }

    /**
     * Sends a signal with a value to the process that a descriptor stands for.
     *
     * @param process from {@link #openProcess}
     * @param signal its number
     * @param value what goes with it; an integer is the lower half
     * @return 0, {@code -EAGAIN} if too many signals are waiting for that user, or another {@code -errno}
     */
    public static int queueTo(int process, int signal, long value) {
        NativeBuffer struct = STRUCTS.take(SIGINFO_SIZE);
        try {
            ByteBuffer info = struct.buffer();
            for (int i = 0; i < SIGINFO_SIZE; i += Long.BYTES) {
                info.putLong(i, 0);
            }
            info.putInt(0, signal).putInt(SIGINFO_CODE, SI_QUEUE)
                    .putInt(SIGINFO_PID, Sender.PID).putInt(SIGINFO_UID, Sender.UID).putLong(SIGINFO_VALUE, value);
            return (int) NativeLibrary.result(
                    syscalls().syscall(SYS_PIDFD_SEND_SIGNAL, process, signal, struct.address(), 0));
        } finally {
            STRUCTS.give(struct);
        }
    }

    /**
     * Looks whether the process that a descriptor stands for has ended.
     *
     * @param process from {@link #openProcess}
     * @return 1 if it has ended, also before its parent has taken notice; 0 if it lives; or {@code -errno}
     */
    public static int hasEnded(int process) {
        NativeBuffer struct = STRUCTS.take(SIGINFO_SIZE);
        try {
            struct.buffer().putInt(0, process).putShort(4, (short) PollCalls.POLLIN).putShort(6, (short) 0);
            long noTime = struct.putTimespec(8, 0);
            int result;
            do {
                result = PollCalls.poll(struct.address(), 1, noTime);
            } while (result == -Errno.EINTR);
            return result;
        } finally {
            STRUCTS.give(struct);
        }
    }

    /**
     * Asks how the process that a descriptor stands for has ended, {@code PIDFD_GET_INFO}, Linux 6.15.
     *
     * @param process from {@link #openProcess}
     * @return its status as {@code wait} gives it (the exit code times 256, or the signal's number), {@code -EAGAIN} if
     *         it lives or its parent has not taken notice yet, or another {@code -errno} where the kernel does not tell
     */
    public static int exitStatus(int process) {
        NativeBuffer struct = STRUCTS.take(PIDFD_INFO_SIZE);
        try {
            ByteBuffer info = struct.buffer();
            for (int i = 0; i < PIDFD_INFO_SIZE; i += Long.BYTES) {
                info.putLong(i, 0);
            }
            info.putLong(0, PIDFD_INFO_EXIT);
            int error = NativeLibrary.result(files().ioctl(process, PIDFD_GET_INFO, struct.address()));
            if (error < 0) {
                return error;
            }
            return (info.getLong(0) & PIDFD_INFO_EXIT) == 0 ? -Errno.EAGAIN : info.getInt(PIDFD_INFO_EXIT_CODE);
        } finally {
            STRUCTS.give(struct);
        }
    }

    /**
     * Makes a descriptor from which signals are read, one {@link #INFO_SIZE} structure each, {@code signalfd(2)}. It is
     * non-blocking and closed in children. Only signals that all threads block get there.
     *
     * @param signals the set
     * @return a descriptor or {@code -errno}
     */
    public static int signalfd(long signals) {
        NativeBuffer set = set(signals);
        try {
            return NativeLibrary.result(lib().signalfd(-1, set.address(), SFD_NONBLOCK | SFD_CLOEXEC));
        } finally {
            STRUCTS.give(set);
        }
    }

    /**
     * Sets which signals the calling thread blocks, {@code pthread_sigmask(3)}. Programs that the thread starts or
     * becomes inherit it.
     *
     * @param signals the set
     * @return 0 or {@code -errno}
     */
    public static int block(long signals) {
        NativeBuffer set = set(signals);
        try {
            return -lib().pthread_sigmask(SIG_SETMASK, set.address(), 0);
        } finally {
            STRUCTS.give(set);
        }
    }

    /**
     * Becomes another program, {@code execve(2)}: all threads of this one end at once, without shutdown hooks; the
     * number of the process stays.
     *
     * @param path the program
     * @param arguments what it is called, and its arguments, as bytes without NUL
     * @param environment lines {@code NAME=value}, as bytes without NUL
     * @return {@code -errno}; not at all if it works
     */
    public static int become(String path, List<byte[]> arguments, List<byte[]> environment) {
        NativeBuffer first = strings(arguments);
        NativeBuffer second = strings(environment);
        int result = NativeLibrary.result(lib().execve(CString.of(path), first.address(), second.address()));
        // Both are in use until here.
        return first.buffer().capacity() + second.buffer().capacity() > 0 ? result : 0;
    }

    /** Pointers to strings with a null behind them, then the strings. */
    private static NativeBuffer strings(List<byte[]> strings) {
        int pointers = (strings.size() + 1) * Long.BYTES;
        int bytes = strings.stream().mapToInt(string -> string.length + 1).sum();
        NativeBuffer result = new NativeBuffer(pointers + bytes);
        int at = pointers;
        for (int i = 0; i < strings.size(); i++) {
            byte[] string = strings.get(i);
            result.buffer().putLong(i * Long.BYTES, result.address() + at);
            result.buffer().put(at, string);
            at += string.length + 1;
        }
        return result;
    }

    private static NativeBuffer set(long signals) {
        NativeBuffer set = STRUCTS.take(SET_SIZE);
        set.buffer().putLong(0, signals);
        for (int i = Long.BYTES; i < SET_SIZE; i += Long.BYTES) {
            set.buffer().putLong(i, 0);
        }
        return set;
    }

    /** Who this process says it is when it sends. */
    private static final class Sender {
        static final int PID = Math.toIntExact(ProcessHandle.current().pid());
        static final int UID = lib().getuid();
    }

    private static SignalLib lib() {
        SignalLib lib = Holder.LIB;
        return lib != null ? lib : NativeLibrary.load(SignalLib.class);
    }

    private static SyscallLib syscalls() {
        return NativeLibrary.load(SyscallLib.class);
    }

    private static FileLib files() {
        return NativeLibrary.load(FileLib.class);
    }

    private static final class Holder {
        static final SignalLib LIB = NativeLibrary.loadOrNull(SignalLib.class);
    }
}
