package org.jvmipc.internal;

import java.util.function.Function;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.IncompatibleChannelException;

/** Opens channels with the type of what they carry. */
public final class TypedAddress {
    private static final String OPTION = "typeHash";

    private TypedAddress() {
    }

    public static <E> E open(Address address, Codec<?> codec, Function<Address, E> opener) {
        return open(address, codec.type(), codec.typeHash(), opener);
    }

    /** Opens a connection: what goes from the one who connects to the one who listens, and what comes back. */
    public static <E> E open(Address address, Codec<?> there, Codec<?> back, Function<Address, E> opener) {
        boolean checked = there.typeHash() != 0 && back.typeHash() != 0;
        String type = "there " + there.type() + ", back " + back.type();
        return open(address, type, checked ? SimpleCodecs.hash(type) : 0, opener);
    }

    /** Opens a connection over which topics are published. */
    public static <E> E openTopics(Address address, Codec<?> published, Function<Address, E> opener) {
        String type = "there subscriptions, back publications(" + published.type() + ")";
        return open(address, type, published.typeHash() == 0 ? 0 : SimpleCodecs.hash(type), opener);
    }

    private static <E> E open(Address address, String type, long hash, Function<Address, E> opener) {
        if (hash == 0) {
            return opener.apply(address);
        }
        String mine = Long.toHexString(hash);
        String given = address.options().getOrDefault(OPTION, mine);
        if (!given.equals(mine)) {
            throw new IllegalArgumentException("option " + OPTION + "=" + given + " of " + address
                    + " is not that of the codec, " + mine + " for " + type + "; leave it out");
        }
        KnownTypes.remember(hash, type);
        try {
            return opener.apply(address.with(OPTION, mine));
        } catch (IncompatibleChannelException incompatible) {
            IncompatibleChannelException explained =
                    new IncompatibleChannelException(KnownTypes.explain(incompatible.getMessage()));
            explained.initCause(incompatible);
            throw explained;
        }
    }
}
