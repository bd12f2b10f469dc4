package org.jvmipc.shm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jvmipc.AccessRefusedException;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.NativeCallException;
import org.jvmipc.posix.ProcessIdentity;
import org.jvmipc.posix.SysvShmCalls;
import org.jvmipc.posix.SysvShmStatus;

/** Memory of System V: found by a key, or by the number that the kernel gave it. */
final class SysvBacking implements Backing {
    private static final int NONE = -1;
    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    private final int key;
    private final boolean byId;
    private volatile int id;

    private SysvBacking(int key, boolean byId, int id) {
        this.key = key;
        this.byId = byId;
        this.id = id;
    }

    static SysvBacking ofKey(int key) {
        return new SysvBacking(key, false, NONE);
    }

    /** To be created without a key. */
    static SysvBacking ofNew() {
        return new SysvBacking(SysvShmCalls.IPC_PRIVATE, true, NONE);
    }

    static SysvBacking ofId(int id) {
        return new SysvBacking(SysvShmCalls.IPC_PRIVATE, true, id);
    }

    /** The key that stands for a name. */
    static int key(String name) {
        int hash = fnv1a(ProcessIdentity.effectiveUid() + ":" + name);
        return hash == SysvShmCalls.IPC_PRIVATE ? 1 : hash;
    }

    /** The hash of Fowler, Noll and Vo in 32 bits, of the text in UTF-8. */
    static int fnv1a(String text) {
        int hash = FNV_OFFSET;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ b & 0xff) * FNV_PRIME;
        }
        return hash;
    }

    @Override
    public String kind() {
        return "sysv";
    }

    @Override
    public String name() {
        if (!byId) {
            return "System V memory with key 0x" + Integer.toHexString(key);
        }
        return id == NONE ? "private System V memory" : "System V memory " + id;
    }

    @Override
    public int systemVId() {
        return id;
    }

    @Override
    public Handle open(boolean create, long deadline) throws IOException {
        SysvShmStatus status = find();
        if (create == (status != null)) {
            return null;
        }
        if (create && byId && id != NONE) {
            throw new UnsupportedOperationException(name() + " cannot be created, as the kernel chooses the number; "
                    + "use SharedSegment.sysvPrivate()");
        }
        return new SysvHandle(this, id, lockName(status), deadline);
    }

    /** What everybody locks who wants this memory, whether by key or by number; null as long as it has neither. */
    private String lockName(SysvShmStatus status) {
        int current = byId && status != null ? status.key() : key;
        if (current != SysvShmCalls.IPC_PRIVATE) {
            return "key-" + Integer.toHexString(current);
        }
        return id == NONE ? null : "id-" + id;
    }

    /** Looks for the memory and remembers its number; null if there is none. */
    SysvShmStatus find() {
        if (!byId) {
            int found = SysvShmCalls.get(key, 0, 0);
            if (found < 0 && found != -Errno.ENOENT) {
                throw failed("shmget", "0x" + Integer.toHexString(key), found);
            }
            id = Math.max(found, NONE);
        }
        if (id == NONE) {
            return null;
        }
        SysvShmStatus status = new SysvShmStatus();
        int error = SysvShmCalls.stat(id, status);
        if (error == -Errno.EINVAL || error == -Errno.EIDRM || error == 0 && status.isRemoved()) {
            if (!byId) {
                id = NONE;
            }
            return null;
        }
        if (error < 0) {
            throw failed("shmctl", id + ", IPC_STAT", error);
        }
        check(status);
        return status;
    }

    /** It was created without a key. */
    void created(int number) {
        id = number;
    }

    int key() {
        return key;
    }

    private RuntimeException failed(String call, String arguments, int error) {
        if (error == -Errno.EACCES) {
            return new AccessRefusedException(name() + " belongs to somebody else, as the kernel refuses it; "
                    + "run both sides as the same user, or choose another key");
        }
        return new NativeCallException(call, arguments, error);
    }

    /** Refuses what somebody else may have put there or may change. */
    private void check(SysvShmStatus status) {
        int self = ProcessIdentity.effectiveUid();
        if (status.uid() != self || status.creatorUid() != self) {
            throw new AccessRefusedException(name() + " belongs to user " + status.uid() + " and was created by user "
                    + status.creatorUid() + ", this process is user " + self
                    + "; a segment is shared by processes of one user");
        }
        if ((status.permissions() & 077) != 0) {
            throw new AccessRefusedException(name() + " is open to others (mode 0"
                    + Integer.toOctalString(status.permissions())
                    + "), 0600 is needed; remove it (ipcrm -m " + id + ") if you did not make it");
        }
    }
}
