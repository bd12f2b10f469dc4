package org.jvmipc.benchmarks.transports;

import java.io.File;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jvmipc.MessageHandler;

/**
 * The ring below the channels of this project, without all that stands around it there. It is private to its package,
 * so it is reached through method handles; these are constants, and cost nothing when they are called.
 */
final class RawTransport implements Transport {
    private static final String PACKAGE = "org.jvmipc.shm.";
    private static final MethodHandle MEMORY;
    private static final MethodHandle PRODUCER;
    private static final MethodHandle CONSUMER;
    private static final MethodHandle OFFER;
    private static final MethodHandle POLL;
    private static final int HEADER;

    static {
        try {
            Class<?> memory = Class.forName(PACKAGE + "RingMemory");
            Class<?> mapped = Class.forName(PACKAGE + "MappedMemory");
            Class<?> producer = Class.forName(PACKAGE + "SpscRing$Producer");
            Class<?> consumer = Class.forName(PACKAGE + "SpscRing$Consumer");
            Class<?> layout = Class.forName(PACKAGE + "SegmentLayout");
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(mapped, MethodHandles.lookup());
            MEMORY = lookup.findConstructor(mapped, MethodType.methodType(void.class, ByteBuffer.class))
                    .asType(MethodType.methodType(Object.class, ByteBuffer.class));
            MethodType ring = MethodType.methodType(void.class, memory, int.class);
            MethodType general = MethodType.methodType(Object.class, Object.class, int.class);
            PRODUCER = lookup.findConstructor(producer, ring).asType(general);
            CONSUMER = lookup.findConstructor(consumer, ring).asType(general);
            OFFER = lookup.findVirtual(producer, "offer", MethodType.methodType(boolean.class, ByteBuffer.class))
                    .asType(MethodType.methodType(boolean.class, Object.class, ByteBuffer.class));
            POLL = lookup.findVirtual(consumer, "poll",
                    MethodType.methodType(int.class, MessageHandler.class, int.class))
                    .asType(MethodType.methodType(int.class, Object.class, MessageHandler.class, int.class));
            HEADER = (int) lookup.findStaticVarHandle(layout, "HEADER_SIZE", int.class).get();
        } catch (ReflectiveOperationException changed) {
            throw new ExceptionInInitializerError(changed);
        }
    }

    @Override
    public Inlet inlet(Setup setup) throws IOException {
        Path begun = Path.of(setup.file() + ".new");
        ByteBuffer memory;
        try (FileChannel file = FileChannel.open(begun, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            // Written, not only sized: all pages are there.
            file.write(ByteBuffer.allocate(HEADER + setup.capacity()));
            memory = file.map(FileChannel.MapMode.READ_WRITE, 0, file.size()).order(ByteOrder.nativeOrder());
        }
        Files.move(begun, setup.file());
        return new In(ring(CONSUMER, memory, setup));
    }

    @Override
    public Outlet outlet(Setup setup) throws IOException {
        File file = setup.file().toFile();
        Appearance.await("the consumer's file " + file, file::exists);
        try (FileChannel channel = FileChannel.open(file.toPath(), StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            ByteBuffer memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
            return new Out(ring(PRODUCER, memory.order(ByteOrder.nativeOrder()), setup));
        }
    }

    private static Object ring(MethodHandle constructor, ByteBuffer memory, Setup setup) {
        try {
            return (Object) constructor.invokeExact((Object) MEMORY.invokeExact(memory), setup.capacity());
        } catch (Throwable failed) {
            throw unchecked(failed);
        }
    }

    /** No method behind a handle declares a checked exception. */
    private static RuntimeException unchecked(Throwable failed) {
        if (failed instanceof Error error) {
            throw error;
        }
        return failed instanceof RuntimeException exception ? exception : new IllegalStateException(failed);
    }

    private static final class In implements Inlet, MessageHandler {
        private final Object ring;
        private Sink sink;

        In(Object ring) {
            this.ring = ring;
        }

        @Override
        public int poll(Sink to, int limit) {
            sink = to;
            try {
                return (int) POLL.invokeExact(ring, (MessageHandler) this, limit);
            } catch (Throwable failed) {
                throw unchecked(failed);
            }
        }

        @Override
        public void onMessage(ByteBuffer message) {
            Payload.read(message, message.position(), message.remaining(), sink);
        }

        @Override
        public void await(Sink to) {
            throw new UnsupportedOperationException("the ring itself knows no way to sleep");
        }

        @Override
        public void close() {
            // The memory goes with the process.
        }
    }

    private static final class Out implements Outlet {
        private final Object ring;
        private final ByteBuffer message = Payload.template();

        Out(Object ring) {
            this.ring = ring;
        }

        @Override
        public boolean offer(long first) {
            message.clear();
            Payload.stamp(message, 0, first);
            try {
                return (boolean) OFFER.invokeExact(ring, message);
            } catch (Throwable failed) {
                throw unchecked(failed);
            }
        }

        @Override
        public void close() {
            // The memory goes with the process.
        }
    }
}
