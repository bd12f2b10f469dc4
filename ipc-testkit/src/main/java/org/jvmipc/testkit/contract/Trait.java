package org.jvmipc.testkit.contract;

/**
 * What a scheme (with certain options) can do beyond delivering messages. Where a trait is missing, the contract tests
 * that it is refused in the way the API demands.
 */
public enum Trait {
    /** A message rests in the channel until it is received; a rendezvous has no room for that. */
    HOLDS,
    /** A message may be sent before a receiver has come; otherwise {@code trySend} is {@code NO_RECEIVER} till then. */
    HOLDS_BEFORE_RECEIVER,
    /** The channel can be filled by a test: it is full after some MiB at most. */
    BOUNDED,
    /** Messages can be transferred. */
    TRANSFERS,
    /** A receiver sees the end after all senders have gone. */
    ENDS,
    /** A sender notices that all receivers have gone. */
    NOTICES_RECEIVER,
    /** Endpoints know their peers: {@code awaitPeer}, {@code onPeer}, {@code peersAlive}. */
    KNOWS_PEERS,
    /** Peers are told with their process id; to a sender only if there is a way back, as {@link #TRANSFERS} needs. */
    KNOWS_PIDS,
    /** A peer's death is told from its leaving, to a sender as in {@link #KNOWS_PIDS}; implies {@link #KNOWS_PEERS}. */
    TELLS_DEATH,
    /** The option {@code peerDeath=wait} is understood. */
    WAITS_FOR_PEERS,
    /** The options {@code overflow=fail} and {@code overflow=dropNewest} are understood. */
    OVERFLOWS,
    /** Several threads may use one sender at the same time. */
    SHARED_SENDER,
    /** Several threads may use one receiver at the same time. */
    SHARED_RECEIVER,
    /** Several senders may be open on one channel at the same time, one receiver getting all messages. */
    SEVERAL_SENDERS,
    /** Several receivers may be open on one channel at the same time, each message going to one of them. */
    SEVERAL_RECEIVERS,
    /** The option {@code open} tells creating from attaching. */
    NAMED,
    /** Peers connect to a listener; each connection goes both ways. */
    LISTENS,
    /** {@code status()} tells how many messages rest in the channel. */
    KNOWS_DEPTH,
    /** The scheme carries streams of bytes as well. */
    STREAMS,
    /** The channel has no place for the type of its messages: the option {@code typeHash} is refused. */
    UNTYPED,
    /** The channel is its receiver's process, so that a sender elsewhere is opened by the receiver's own address. */
    RECEIVER_FIRST,
    /** A message can be looked at without taking it. */
    PEEKS,
    /** A sender does not wait for a slow receiver, which then misses messages: the contract sends less than fits. */
    DROPS_OLDEST,
    /** Blocked threads spin or yield: they are never seen to sleep. */
    SPINS,
    /** The scheme is tested with other options, too: what takes long is done a quarter as often with these. */
    VARIANT
}
