package org.jvmipc.mq;

import java.nio.channels.Channel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jvmipc.mq.internal.persistent.PersistentPorts;

/**
 * What persistent queues can beyond other channels. Endpoints are those that {@link org.jvmipc.Ipc} opens for a
 * {@code queue:} address. All methods may be called by any thread.
 */
public final class PersistentQueues {
    private PersistentQueues() {
    }

    /**
     * Sets the priority, which is the lane, of what is sent from now on, also of messages of {@code sendAsync} that
     * have not been accepted yet. For threads that send with different priorities there had better be a sender each.
     *
     * @param sender a sender, or a stream, opened with {@code lanes=}
     * @param priority from 0 to one less than there are lanes; the highest is received first
     * @throws IllegalArgumentException if there is no such lane
     * @throws UnsupportedOperationException if it is no sending end of a {@code queue:} channel
     */
    public static void setPriority(Channel sender, int priority) {
        PersistentPorts.setPriority(sender, priority);
    }

    /**
     * The number of the message that was received last, or that a handler has in place. Messages of a queue, or of one
     * of its lanes, are numbered from 0 on without gaps; {@code start=index:N} begins with number N.
     *
     * @param receiver the receiver that returned it, or called the handler
     * @return its number, or -1 if nothing was received yet
     * @throws UnsupportedOperationException if it is no receiving end of a {@code queue:} channel
     */
    public static long index(Channel receiver) {
        return PersistentPorts.index(receiver);
    }

    /**
     * When the message was sent that was received last, or that a handler has in place. The times of a queue never go
     * back.
     *
     * @param receiver the receiver that returned it, or called the handler
     * @return its time, in microseconds; 1970 if nothing was received yet
     * @throws UnsupportedOperationException if it is no receiving end of a {@code queue:} channel
     */
    public static Instant time(Channel receiver) {
        return PersistentPorts.time(receiver);
    }

    /**
     * The cursors of a queue: those of named readers, whether they live or not, and those of receivers without a name
     * that live. Their depths are known while somebody has the queue open.
     *
     * @param directory the queue's
     * @return a snapshot, by name; that of a queue with lanes has an entry for each lane
     */
    public static List<Cursor> cursors(Path directory) {
        return PersistentPorts.cursors(directory);
    }

    /**
     * Removes the cursor of a named reader: a receiver of that name begins anew, and no message is kept for it.
     *
     * @param directory the queue's
     * @param reader its name
     * @return whether there was one
     * @throws org.jvmipc.AccessRefusedException if a receiver has it
     */
    public static boolean removeCursor(Path directory, String reader) {
        return PersistentPorts.removeCursor(directory, reader);
    }

    /**
     * Deletes what may go, as senders with the options {@code retainAge}, {@code retainSize} and {@code retain=unread}
     * do when they begin a new file: whole files, the oldest first, never the last one, and never one with a message
     * that a living receiver has not done with.
     *
     * @param directory the queue's
     * @param age files go that no message was added to for this long; zero for none
     * @param size files go until the others have no more than so many bytes; 0 for none
     * @param unread whether files go that all cursors are done with, if there is one
     * @return how many files were deleted
     * @throws org.jvmipc.ChannelNotFoundException if there is no queue
     * @throws org.jvmipc.SegmentCorruptedException if the file of a group is damaged, so that nobody knows its needs
     */
    public static int retain(Path directory, Duration age, long size, boolean unread) {
        return PersistentPorts.retain(directory, age, size, unread);
    }

    /**
     * Reads all files of a queue and tells what is wrong with them. Opening a queue looks at both ends of each file
     * only, so as not to take long. The bytes of messages carry no checksum: that somebody has changed them is not
     * noticed. The queue may be open.
     *
     * @param directory the queue's
     * @return one entry for each file that is damaged, missing, or none of this queue; empty if all is well
     * @throws org.jvmipc.ChannelNotFoundException if there is no queue
     */
    public static List<Damage> check(Path directory) {
        return PersistentPorts.check(directory);
    }

    /**
     * Puts a queue in order of which {@link #check} finds files damaged, or which could not be opened for that. Each
     * of these files is kept as it was in a directory {@code damaged-…} of the queue's, and replaced by one with all
     * messages that are intact, with their numbers and times. Messages that are not keep their numbers, too, so that
     * readers are told how many they miss. Cursors and groups stay. Whoever dies over it can begin again.
     *
     * @param directory the queue's
     * @return what was done
     * @throws org.jvmipc.ChannelNotFoundException if there is no queue
     * @throws org.jvmipc.AccessRefusedException if somebody has it open; the message says who
     * @throws org.jvmipc.NoSpaceException if there is not enough space for the new files; nothing is changed then but
     *         what was repaired before
     */
    public static Repair repair(Path directory) {
        return PersistentPorts.repair(directory);
    }

    /**
     * Removes a queue with all messages and cursors, and its directory if nothing else is in it.
     *
     * @param directory the queue's
     * @return whether there was one
     * @throws org.jvmipc.AccessRefusedException if somebody has it open; the message says who
     */
    public static boolean remove(Path directory) {
        return PersistentPorts.remove(directory);
    }

    /**
     * A file of a queue that is not as it should be.
     *
     * @param file which
     * @param what is wrong with it, as what comes after its name in a sentence
     */
    public record Damage(Path file, String what) {
    }

    /**
     * What a repair has done.
     *
     * @param damages what was wrong; empty if nothing was
     * @param lost how many messages are known to be lost, those included that a repair before had found lost in the
     *        same files
     * @param copies the directories in which the damaged files are now
     */
    public record Repair(List<Damage> damages, long lost, List<Path> copies) {
    }

    /**
     * A reader and how far it has come.
     *
     * @param reader its name; for one without a name, one that begins with {@code +}
     * @param lane its lane, 0 in a queue without lanes
     * @param index the number of the first message that it has not done with
     * @param depth how many messages are before it; -1 if nobody has the queue open
     * @param pid the process that receives with it, 0 if none does
     */
    public record Cursor(String reader, int lane, long index, long depth, long pid) {
    }
}
