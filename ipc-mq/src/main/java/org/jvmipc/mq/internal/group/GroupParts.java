package org.jvmipc.mq.internal.group;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * What a group works on.
 *
 * @param path of its file, for messages
 * @param window how many messages can be in flight
 * @param memory where it sleeps for its lock
 * @param words the same, where it reads and writes
 * @param members who takes part
 * @param leave has this one take part no longer
 * @param release lets go of the memory
 * @param clock microseconds since the machine was started; nobody sets it
 */
record GroupParts(Path path, int window, ByteBuffer memory, Words words, Members members, Runnable leave,
        Runnable release, LongSupplier clock) {
}
