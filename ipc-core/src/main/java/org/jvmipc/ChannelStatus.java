package org.jvmipc;

/**
 * A snapshot of a channel as one endpoint sees it. Numbers that a transport cannot know are {@link #UNKNOWN}. The
 * numbers are read one after the other while others go on: each was true at some moment during the call.
 *
 * @param address the endpoint's address
 * @param depthMessages messages accepted and not yet received
 * @param depthBytes bytes accepted and not yet received, as the transport counts them (with its headers)
 * @param capacityBytes bytes that fit
 * @param sent messages sent by this endpoint
 * @param received messages received by this endpoint
 * @param dropped messages dropped by this endpoint's overflow policy; at a receiver those that it missed because it was
 *     too slow for a channel with {@code overflow=dropOldest}
 * @param peersAlive peers that have opened the other end and are there
 * @param closed whether this endpoint is closed
 */
public record ChannelStatus(
        String address,
        long depthMessages,
        long depthBytes,
        long capacityBytes,
        long sent,
        long received,
        long dropped,
        int peersAlive,
        boolean closed) {
    /** Stands for a number that the transport cannot know. */
    public static final long UNKNOWN = -1;
}
