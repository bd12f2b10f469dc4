package org.jvmipc.posix;

/** What {@code stat} tells about a file. Filled by {@link FileCalls#stat}; not thread-safe. */
public final class FileStatus {

    private static final int S_IFMT = 0170000;
    private static final int S_IFREG = 0100000;
    private static final int S_IFIFO = 0010000;
    private static final int S_IFSOCK = 0140000;
    private static final int S_IFLNK = 0120000;
    private static final int S_IFDIR = 0040000;

    private int mode;
    private int uid;
    private int links;
    private long size;
    private long inode;
    private long device;

    /** Creates an empty description. */
    public FileStatus() {
    }

    void set(int mode, int uid, int links, long size, long inode, long device) {
        this.mode = mode;
        this.uid = uid;
        this.links = links;
        this.size = size;
        this.inode = inode;
        this.device = device;
    }

    /**
     * Returns the permission bits.
     *
     * @return for example 0600
     */
    public int permissions() {
        return mode & 07777;
    }

    /**
     * Returns the owner.
     *
     * @return a user id
     */
    public int uid() {
        return uid;
    }

    /**
     * Returns how many names the file has.
     *
     * @return 0 once it was unlinked
     */
    public int links() {
        return links;
    }

    /**
     * Returns the length.
     *
     * @return in bytes
     */
    public long size() {
        return size;
    }

    /**
     * Returns the inode number.
     *
     * @return unique on the device, while the file exists
     */
    public long inode() {
        return inode;
    }

    /**
     * Tells whether two descriptions are of one file.
     *
     * @param other another description
     * @return whether device and inode are equal
     */
    public boolean isSameFile(FileStatus other) {
        return inode == other.inode && device == other.device;
    }

    /**
     * Returns the kind of the file as a word for messages.
     *
     * @return for example {@code "regular file"}
     */
    public String kind() {
        switch (mode & S_IFMT) {
            case S_IFREG:
                return "regular file";
            case S_IFIFO:
                return "FIFO";
            case S_IFSOCK:
                return "socket";
            case S_IFLNK:
                return "symbolic link";
            case S_IFDIR:
                return "directory";
            default:
                return "device";
        }
    }

    /**
     * Tells whether it is a regular file.
     *
     * @return whether it is
     */
    public boolean isRegular() {
        return (mode & S_IFMT) == S_IFREG;
    }

    /**
     * Tells whether it is a FIFO.
     *
     * @return whether it is
     */
    public boolean isFifo() {
        return (mode & S_IFMT) == S_IFIFO;
    }

    /**
     * Tells whether it is a socket.
     *
     * @return whether it is
     */
    public boolean isSocket() {
        return (mode & S_IFMT) == S_IFSOCK;
    }

    /**
     * Tells whether it is a directory.
     *
     * @return whether it is
     */
    public boolean isDirectory() {
        return (mode & S_IFMT) == S_IFDIR;
    }
}
