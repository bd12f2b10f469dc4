package org.jvmipc.testkit;

/** What a test can leave behind. */
public enum DebrisKind {

    /** A file in the test's own directory that was not declared by {@link IpcScope#mayLeave}. */
    FILE,

    /**
     * An entry in {@code /dev/shm} or {@code /dev/mqueue} whose name holds the test's prefix, named semaphores
     * ({@code sem.*}) among them; shared memory of System V that was made by this process, or by a child that the test
     * started, and not removed; or a semaphore set or message queue of System V whose key is {@link
     * IpcScope#key} of the test.
     */
    SHARED_OBJECT,

    /**
     * An entry of the registry of named channels that holds the test's prefix or the process id of a child that the
     * test started; in a registry of this JVM's own ({@code ipc.home}, {@code IPC_HOME}) any new entry. The life file
     * of this process is not debris while the process lives.
     */
    REGISTRY,

    /** An open descriptor of this process; those that the JVM opens for itself do not count. */
    DESCRIPTOR,

    /** A mapping of a {@code jvmipc-} file, or of a file in the test's directory, that even the GC did not end. */
    MAPPING,

    /** A process that was started by this one and is still alive. */
    PROCESS,

    /** A thread that would keep this JVM from ending. */
    THREAD
}
