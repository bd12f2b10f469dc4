package org.jvmipc.pipes;

import org.jvmipc.Address;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.Trait;

/** The transports of this module as the contract sees them. */
final class Subjects {
    /** What all connections can do. */
    static final Trait[] CONNECTION = {
        Trait.HOLDS, Trait.BOUNDED, Trait.TRANSFERS, Trait.ENDS, Trait.NOTICES_RECEIVER, Trait.KNOWS_PEERS,
        Trait.KNOWS_PIDS, Trait.TELLS_DEATH, Trait.WAITS_FOR_PEERS, Trait.OVERFLOWS, Trait.SHARED_SENDER,
        Trait.SHARED_RECEIVER, Trait.LISTENS, Trait.NAMED, Trait.STREAMS, Trait.PEEKS
    };
    static final ContractSubject UNIX = ContractSubject.of("unix", CONNECTION)
            .badName("unix:").badName("unix:relative").badName("unix:/ends/with/").badName("unix:@")
            .badName("unix:/" + "x".repeat(107));
    static final ContractSubject UNIX_NATIVE = UNIX.plus(Trait.VARIANT)
            .with(address -> address.with("descriptors", true));
    static final ContractSubject UNIX_ABSTRACT = UNIX.plus(Trait.VARIANT)
            .naming((scope, name) -> Address.of("unix", "@" + scope.name(name)));
    static final ContractSubject SEQPACKET = UNIX.with(address -> address.with("type", "seqpacket"));
    static final ContractSubject DATAGRAM = ContractSubject.of("unix", Trait.HOLDS, Trait.BOUNDED, Trait.OVERFLOWS,
                    Trait.SHARED_SENDER, Trait.SHARED_RECEIVER, Trait.SEVERAL_SENDERS, Trait.NAMED, Trait.STREAMS,
                    Trait.PEEKS, Trait.UNTYPED)
            .with(address -> address.with("type", "dgram"));
    /** One direction has no way back: no receipts. */
    static final ContractSubject FIFO = ContractSubject.of("fifo", CONNECTION)
            .minus(Trait.TRANSFERS).plus(Trait.SEVERAL_SENDERS)
            .small(address -> address.with("capacity", "4k"))
            .limited(address -> address)
            .badName("fifo:").badName("fifo:relative").badName("fifo:/ends/with/");
    static final ContractSubject FIFO_ONE_WRITER = FIFO.minus(Trait.SEVERAL_SENDERS).plus(Trait.VARIANT)
            .with(address -> address.with("writers", 1)).limited(address -> address.with("maxMessage", "64k"));
    /** Each opening of {@code pipe:} makes a new pipe. */
    static final ContractSubject PIPE = ContractSubject.of("pipe", CONNECTION)
            .minus(Trait.TRANSFERS, Trait.WAITS_FOR_PEERS, Trait.LISTENS, Trait.NAMED)
            .naming((scope, name) -> Address.of("pipe", ""))
            .small(address -> address.with("capacity", "4k"))
            .badName("pipe:name").badName("pipe:1.r1i1").badName("pipe:1.x1i1.a2i2");

    private Subjects() {
    }
}
