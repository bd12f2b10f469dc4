package org.jvmipc.benchmarks.transports;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Image;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import java.io.EOFException;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Aeron IPC. The media driver is embedded in the process that is started first; it is not in the path of messages, but
 * moves the limit up to which the producer may write, so the term buffers are long. Where there is one producer, its
 * publication is an exclusive one.
 */
final class AeronTransport implements Transport {
    /** Shorter ones are slower: the driver looks after them too seldom. */
    private static final int TERM = Integer.getInteger("org.jvmipc.benchmarks.aeron.term", 64 << 20);
    /** The largest there is. */
    private static final int MTU = 65504;
    private static final int FRAME_HEADER = 32;
    private static final long PATIENCE_SECONDS = 60;

    private final boolean claims;
    private final Sleep sleep;

    /**
     * Sends in one of two ways.
     *
     * @param claims by filling in place, or else from a buffer
     * @param sleep how to sleep
     */
    AeronTransport(boolean claims, Sleep sleep) {
        this.claims = claims;
        this.sleep = sleep;
    }

    @Override
    public Inlet inlet(Setup setup) {
        MediaDriver driver = setup.isFirst() ? driver(setup) : null;
        Aeron aeron = aeron(setup);
        return new In(driver, aeron, aeron.addSubscription("aeron:ipc", stream(setup)), sleep.strategy());
    }

    @Override
    public Outlet outlet(Setup setup) {
        Aeron aeron = aeron(setup);
        String channel = "aeron:ipc?term-length=" + TERM;
        if (setup.shape() == Setup.Shape.TWO_TO_ONE || setup.shape() == Setup.Shape.ONE_OF_MANY) {
            Publication publication = aeron.addPublication(channel, stream(setup));
            Appearance.await("the subscription", publication::isConnected);
            return new Shared(aeron, publication);
        }
        ExclusivePublication publication = aeron.addExclusivePublication(channel, stream(setup));
        Appearance.await("the subscription", publication::isConnected);
        boolean fits = Payload.SIZE + FRAME_HEADER <= MTU;
        return claims && fits ? new Claims(aeron, publication) : new Out(aeron, publication);
    }

    private static MediaDriver driver(Setup setup) {
        return MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(directory(setup))
                .threadingMode(ThreadingMode.SHARED)
                .ipcTermBufferLength(TERM)
                .ipcMtuLength(MTU)
                .termBufferSparseFile(false)
                .performStorageChecks(false)
                .publicationUnblockTimeoutNs(TimeUnit.SECONDS.toNanos(2 * PATIENCE_SECONDS))
                .clientLivenessTimeoutNs(TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS))
                .dirDeleteOnShutdown(true));
    }

    private static Aeron aeron(Setup setup) {
        return Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(directory(setup))
                .driverTimeoutMs(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS))
                .preTouchMappedMemory(true));
    }

    private static String directory(Setup setup) {
        return setup.place().resolve("aeron").toString();
    }

    private static int stream(Setup setup) {
        return 1000 + (setup.channel().hashCode() & 0xFFFF);
    }

    /** Tells whether a message was sent, by the position after it; else there was no room, or nobody is there. */
    private static boolean isSent(long position) throws EOFException {
        if (position > 0) {
            return true;
        }
        if (position == Publication.CLOSED || position == Publication.NOT_CONNECTED
                || position == Publication.MAX_POSITION_EXCEEDED) {
            throw new EOFException("the subscription has gone: " + Publication.errorString(position));
        }
        return false;
    }

    private static final class In implements Inlet, FragmentHandler {
        private final MediaDriver driver;
        private final Aeron aeron;
        private final Subscription subscription;
        private final IdleStrategy idle;
        private final FragmentHandler handler;
        private Image image;
        private Sink sink;

        In(MediaDriver driver, Aeron aeron, Subscription subscription, IdleStrategy idle) {
            this.driver = driver;
            this.aeron = aeron;
            this.subscription = subscription;
            this.idle = idle;
            this.handler = Payload.SIZE + FRAME_HEADER <= MTU ? this : new FragmentAssembler(this, Payload.SIZE);
        }

        @Override
        public int poll(Sink to, int limit) {
            sink = to;
            if (image == null) {
                if (subscription.imageCount() == 0) {
                    return 0;
                }
                image = subscription.imageAtIndex(0);
            }
            return image.poll(handler, limit);
        }

        @Override
        public void onFragment(DirectBuffer buffer, int at, int length, Header header) {
            Words.read(buffer, at, length, sink);
        }

        @Override
        public void await(Sink to) {
            int count;
            while ((count = poll(to, 1)) == 0) {
                idle.idle();
            }
            idle.idle(count);
        }

        @Override
        public void close() {
            CloseHelper.closeAll(subscription, aeron, driver);
        }
    }

    private static final class Out implements Outlet {
        private final Aeron aeron;
        private final ExclusivePublication publication;
        private final UnsafeBuffer message = new UnsafeBuffer(Payload.template());

        Out(Aeron aeron, ExclusivePublication publication) {
            this.aeron = aeron;
            this.publication = publication;
        }

        @Override
        public boolean offer(long first) throws EOFException {
            Words.stamp(message, 0, first);
            return isSent(publication.offer(message, 0, Payload.SIZE));
        }

        @Override
        public void close() {
            CloseHelper.closeAll(publication, aeron);
        }
    }

    private static final class Claims implements Outlet {
        private final Aeron aeron;
        private final ExclusivePublication publication;
        private final BufferClaim claim = new BufferClaim();
        private final UnsafeBuffer message = new UnsafeBuffer(Payload.template());

        Claims(Aeron aeron, ExclusivePublication publication) {
            this.aeron = aeron;
            this.publication = publication;
        }

        @Override
        public boolean offer(long first) throws EOFException {
            if (!isSent(publication.tryClaim(Payload.SIZE, claim))) {
                return false;
            }
            Words.fill(claim.buffer(), claim.offset(), message, first);
            claim.commit();
            return true;
        }

        @Override
        public void close() {
            CloseHelper.closeAll(publication, aeron);
        }
    }

    /** Several processes publish. */
    private static final class Shared implements Outlet {
        private final Aeron aeron;
        private final Publication publication;
        private final BufferClaim claim = new BufferClaim();
        private final UnsafeBuffer message = new UnsafeBuffer(Payload.template());

        Shared(Aeron aeron, Publication publication) {
            this.aeron = aeron;
            this.publication = publication;
        }

        @Override
        public boolean offer(long first) throws EOFException {
            if (!isSent(publication.tryClaim(Payload.SIZE, claim))) {
                return false;
            }
            Words.fill(claim.buffer(), claim.offset(), message, first);
            claim.commit();
            return true;
        }

        @Override
        public void close() {
            CloseHelper.closeAll(publication, aeron);
        }
    }
}
