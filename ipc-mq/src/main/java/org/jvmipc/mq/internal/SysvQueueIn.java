package org.jvmipc.mq.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jvmipc.Message;
import org.jvmipc.MessageHandler;
import org.jvmipc.posix.Errno;
import org.jvmipc.posix.MemoryCalls;
import org.jvmipc.posix.SysvQueueCalls;
import org.jvmipc.spi.MessageIn;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.PauseReadiness;
import org.jvmipc.spi.Readiness;

/** Receives from a System V queue, all messages or those of certain types. */
final class SysvQueueIn implements MessageIn {
    /** The kernel can be waited for neither with a limit nor together with anything else, so there are pauses. */
    private static final long FIRST_PAUSE_NANOS = 50_000;
    private static final long LONGEST_PAUSE_NANOS = 5_000_000;
    /** Of the kernel's own limits the last. */
    private static final int LARGEST_ROOM = 1 << 30;

    private final SysvQueue queue;
    private final PauseReadiness pause = pause();
    private final long wanted;
    private final Readiness readiness;
    /** The type, then the message. */
    private ByteBuffer room;
    private ByteBuffer view;
    private long address;
    private int length;

    SysvQueueIn(SysvQueue queue, OptionValues values) {
        this.queue = queue;
        this.wanted = values.isGiven("typeAtMost") ? -values.size("typeAtMost")
                : values.isGiven("type") ? values.size("type") : 0;
        // Whether there is one of a certain type, only receiving tells.
        this.readiness = new LookingReadiness(pause, () -> wanted == 0 && pause.isReset(),
                () -> queue.depthMessages() != 0);
        grow((int) SysvQueue.systemMaxMessage());
    }

    static PauseReadiness pause() {
        return new PauseReadiness(FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
    }

    private void grow(int bytes) {
        length = bytes;
        room = ByteBuffer.allocateDirect(SysvQueueCalls.TEXT + bytes).order(ByteOrder.nativeOrder());
        view = room.slice(SysvQueueCalls.TEXT, bytes).asReadOnlyBuffer();
        address = MemoryCalls.address(room);
    }

    SysvQueue queue() {
        return queue;
    }

    /** Of the message that is being handed over, or was last. */
    long lastType() {
        return room.getLong(0);
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        int count = 0;
        while (count < limit) {
            if (!queue.isOpen()) {
                return count > 0 ? count : END;
            }
            long result = SysvQueueCalls.receive(queue.id(), address, length, wanted, SysvQueueCalls.IPC_NOWAIT);
            if (result >= 0) {
                pause.reset();
                count++;
                handler.onMessage(view.clear().limit((int) result).order(ByteOrder.BIG_ENDIAN));
            } else if (result == -Errno.ENOMSG || count > 0 && result != -Errno.EINTR) {
                return count;
            } else if (result == -Errno.E2BIG && length < LARGEST_ROOM) {
                // The system's limit was raised after this end was opened.
                grow(Math.min(LARGEST_ROOM, length << 1));
            } else if (result != -Errno.EINTR) {
                if (!queue.isOpen()) {
                    return END;
                }
                throw queue.failure("msgrcv", result);
            }
        }
        return count;
    }

    @Override
    public Message message(ByteBuffer payload, long missed) {
        return new Message(payload, lastSender(), missed).withType(lastType());
    }

    @Override
    public Readiness readiness() {
        return readiness;
    }

    @Override
    public void close() {
        queue.leave();
        pause.wakeUp();
    }

    @Override
    public long depthMessages() {
        return queue.depthMessages();
    }

    @Override
    public long depthBytes() {
        return queue.depthBytes();
    }

    @Override
    public long capacityBytes() {
        return queue.capacityBytes();
    }
}
