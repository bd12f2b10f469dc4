package org.jvmipc.spi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Looks at what a transport has on this machine: its files, memory and queues, whoever made them. For tools. Found by
 * {@link java.util.ServiceLoader}, so that it needs a public constructor without arguments, which must be cheap.
 *
 * <p>Looking changes nothing: no lock is taken, no place among participants, nothing is mapped, and what others wrote
 * may be anything and is checked. So it works for processes that hang or are stopped, and for broken files. Only {@link
 * #remove} changes something, and it finds out anew, under the locks of the transport, whether it may.
 */
public interface Inspector {
    /**
     * Lists what there is. Loads no native code.
     *
     * @param scope where to look
     * @param found gets each object; what cannot be read is given, too, and says why
     */
    void list(Inspection scope, Consumer<Inspected> found);

    /**
     * Removes an object, if nobody who lives needs it. May load native code.
     *
     * @param object what {@link #list} gave, with a verdict that it is dead
     * @return false if it is none of this transport's
     * @throws org.jvmipc.IpcException if it is not dead any more, or cannot be removed; the message says why
     */
    default boolean remove(Inspected object) {
        return false;
    }

    /**
     * Prints what is in a file of this transport, also in a broken one: its header, and record by record what follows.
     *
     * @param file a file, or a directory
     * @param options what of it
     * @param out gets line after line
     * @return false if it is no file of this transport
     * @throws IOException if it cannot be read
     */
    default boolean dump(Path file, DumpOptions options, Consumer<DumpLine> out) throws IOException {
        return false;
    }
}
