package org.jvmipc.shm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jvmipc.ChannelClosedException;

/**
 * The memory of an open {@link SharedSegment}. When it is closed it lets go of the windows, and everything that would
 * touch them finds that out; a thread that is just touching one, or has a view of one, keeps it mapped meanwhile. So
 * no access can crash, and none has to be counted.
 */
final class SegmentMemory {
    private final String name;
    private final long size;
    private final Windows geometry;
    private final Window[] windows;

    /** One window. */
    final class Window {
        private volatile ByteBuffer buffer;

        /** The mapped memory. Throws if the segment is closed. */
        ByteBuffer live() {
            ByteBuffer live = buffer;
            if (live == null) {
                throw closed();
            }
            return live;
        }
    }

    SegmentMemory(String name, Windows geometry, ByteBuffer[] mapped) {
        this.name = name;
        this.geometry = geometry;
        this.size = geometry.size() - SharedLayout.HEADER_SIZE;
        this.windows = new Window[mapped.length];
        for (int i = 0; i < mapped.length; i++) {
            windows[i] = new Window();
            windows[i].buffer = mapped[i];
        }
    }

    ChannelClosedException closed() {
        return new ChannelClosedException(name + " was closed");
    }

    String name() {
        return name;
    }

    /** Bytes for the user. */
    long size() {
        return size;
    }

    /** The window with the header. */
    Window header() {
        return windows[0];
    }

    Window window(long offset) {
        return windows[geometry.windowOf(SharedLayout.HEADER_SIZE + offset)];
    }

    /** Where an offset of the user's lies in its window. */
    int index(long offset) {
        long position = SharedLayout.HEADER_SIZE + offset;
        return (int) (position - geometry.start(geometry.windowOf(position)));
    }

    /** A view of a part. */
    ByteBuffer slice(long offset, long length) {
        if (offset < 0 || length < 0 || offset > size - length) {
            throw new IndexOutOfBoundsException(
                    length + " bytes from " + offset + " are not all within the " + size + " of " + name);
        }
        // At the very end there may be no window that begins.
        long at = length == 0 ? 0 : offset;
        ByteBuffer window = window(at).live();
        int index = index(at);
        if (length > window.capacity() - index) {
            throw new IllegalArgumentException(length + " bytes from " + offset + " of " + name
                    + " are more than one buffer takes there, which is " + (window.capacity() - index)
                    + "; up to " + geometry.most() + " bytes can begin anywhere");
        }
        return window.slice(index, (int) length).order(ByteOrder.nativeOrder());
    }

    /** Checks the place of a word. */
    void checkWord(long offset, int bytes) {
        if (offset < 0 || offset > size - bytes) {
            throw new IndexOutOfBoundsException(
                    bytes + " bytes at " + offset + " are not all within the " + size + " of " + name);
        }
        if ((offset & bytes - 1) != 0) {
            throw new IllegalArgumentException("an atomic of " + bytes + " bytes cannot be at " + offset + " of " + name
                    + "; a multiple of " + bytes + " is needed, such as " + (offset & -bytes));
        }
    }

    /** Lets go of all windows; they are unmapped when nobody can reach them any more. */
    void close() {
        for (Window window : windows) {
            ByteBuffer mapped = window.buffer;
            window.buffer = null;
            if (mapped != null) {
                ClosedMappings.add(mapped);
            }
        }
    }
}
