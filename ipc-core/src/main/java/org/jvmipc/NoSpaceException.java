package org.jvmipc;

/**
 * The file system cannot hold what was asked for, or this process may not make a file so large. Nothing was left
 * behind.
 */
public final class NoSpaceException extends IpcException {
    private static final long serialVersionUID = 1L;

    /** The file that was to be made. */
    private final String path;
    /** Its size in bytes. */
    private final long wantedBytes;
    /** Bytes that were free or allowed, or a negative number. */
    private final long freeBytes;

    /**
     * Creates the exception.
     *
     * @param path the file that was to be made
     * @param wantedBytes its size in bytes
     * @param freeBytes bytes free in its file system, or a negative number if unknown
     */
    public NoSpaceException(String path, long wantedBytes, long freeBytes) {
        this(path, wantedBytes, freeBytes, "its file system has " + (freeBytes < 0 ? "too few" : freeBytes + " free")
                + "; choose a smaller capacity, remove what is stale there, or make the file system larger");
    }

    private NoSpaceException(String path, long wantedBytes, long freeBytes, String reason) {
        super("no space for " + path + ": it needs " + wantedBytes + " bytes, " + reason);
        this.path = path;
        this.wantedBytes = wantedBytes;
        this.freeBytes = freeBytes;
    }

    /**
     * Creates the exception for a file that the limit of the process forbids, however much space there is.
     *
     * @param path the file that was to be made, or to grow
     * @param wantedBytes its size in bytes
     * @param limitBytes how large a file of this process may be
     * @return the exception
     */
    public static NoSpaceException overFileSizeLimit(String path, long wantedBytes, long limitBytes) {
        return new NoSpaceException(path, wantedBytes, limitBytes, "and this process may make no file larger than "
                + limitBytes + " (RLIMIT_FSIZE); raise that where it is started (ulimit -f, LimitFSIZE= of systemd,"
                + " docker run --ulimit fsize=), or choose a smaller capacity");
    }

    /**
     * The file that was to be made.
     *
     * @return its path
     */
    public String path() {
        return path;
    }

    /**
     * The size asked for.
     *
     * @return bytes
     */
    public long wantedBytes() {
        return wantedBytes;
    }

    /**
     * The space that was left, or the largest file that the process may make if that was the limit.
     *
     * @return bytes, or a negative number if unknown
     */
    public long freeBytes() {
        return freeBytes;
    }
}
