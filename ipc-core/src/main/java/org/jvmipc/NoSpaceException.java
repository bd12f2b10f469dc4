package org.jvmipc;

/** The file system cannot hold what was asked for. Nothing was left behind. */
public final class NoSpaceException extends IpcException {
    private static final long serialVersionUID = 1L;

    /** The file that was to be made. */
    private final String path;
    /** Its size in bytes. */
    private final long wantedBytes;
    /** Bytes that were free, or a negative number. */
    private final long freeBytes;

    /**
     * Creates the exception.
     *
     * @param path the file that was to be made
     * @param wantedBytes its size in bytes
     * @param freeBytes bytes free in its file system, or a negative number if unknown
     */
    public NoSpaceException(String path, long wantedBytes, long freeBytes) {
        super("no space for " + path + ": it needs " + wantedBytes + " bytes, its file system has "
                + (freeBytes < 0 ? "too few" : freeBytes + " free")
                + "; choose a smaller capacity, remove what is stale there, or make the file system larger");
        this.path = path;
        this.wantedBytes = wantedBytes;
        this.freeBytes = freeBytes;
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
     * The space that was left.
     *
     * @return bytes, or a negative number if unknown
     */
    public long freeBytes() {
        return freeBytes;
    }
}
