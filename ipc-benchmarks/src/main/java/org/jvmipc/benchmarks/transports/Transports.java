package org.jvmipc.benchmarks.transports;

/** The transports by name. */
public final class Transports {
    private Transports() {
    }

    /**
     * Finds a transport.
     *
     * @param name its name
     * @return the transport
     */
    public static Transport byName(String name) {
        return switch (name) {
            case "shm" -> new ShmTransport(ShmTransport.Way.COPY);
            case "shm-claim" -> new ShmTransport(ShmTransport.Way.CLAIM);
            case "shm-batch" -> new ShmTransport(ShmTransport.Way.BATCH);
            case "aeron-claim", "aeron-sleep" -> new AeronTransport(true, Sleep.PARK);
            case "aeron-sleep-ms" -> new AeronTransport(true, Sleep.MILLIS);
            case "aeron-backoff" -> new AeronTransport(true, Sleep.BACKOFF);
            case "aeron-offer" -> new AeronTransport(false, Sleep.PARK);
            case "agrona-claim", "agrona-sleep" -> new AgronaTransport(true, Sleep.PARK);
            case "agrona-sleep-ms" -> new AgronaTransport(true, Sleep.MILLIS);
            case "agrona-backoff" -> new AgronaTransport(true, Sleep.BACKOFF);
            case "agrona-write" -> new AgronaTransport(false, Sleep.PARK);
            case "chronicle" -> new ChronicleTransport();
            case "unix" -> new UnixTransport();
            case "queue" -> new DiskQueueTransport();
            case "posixmq", "sysvmq" -> new QueueTransport(name);
            case "pipe" -> new PipeTransport();
            case "jeromq" -> new JeromqTransport();
            case "raw" -> new RawTransport();
            default -> throw new IllegalArgumentException("there is no transport \"" + name + "\"");
        };
    }
}
