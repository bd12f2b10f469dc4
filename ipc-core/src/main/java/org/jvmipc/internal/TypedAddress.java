package org.jvmipc.internal;

import java.util.function.Function;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.IncompatibleChannelException;

/** Opens channels with the type of a codec. */
public final class TypedAddress {
    private static final String OPTION = "typeHash";

    private TypedAddress() {
    }

    public static <E> E open(Address address, Codec<?> codec, Function<Address, E> opener) {
        long hash = codec.typeHash();
        if (hash == 0) {
            return opener.apply(address);
        }
        String mine = Long.toHexString(hash);
        String given = address.options().getOrDefault(OPTION, mine);
        if (!given.equals(mine)) {
            throw new IllegalArgumentException("option " + OPTION + "=" + given + " of " + address
                    + " is not that of the codec, " + mine + " for " + codec.type() + "; leave it out");
        }
        try {
            return opener.apply(address.with(OPTION, mine));
        } catch (IncompatibleChannelException incompatible) {
            IncompatibleChannelException explained = new IncompatibleChannelException(incompatible.getMessage()
                    + "; " + mine + " is " + codec.type());
            explained.initCause(incompatible);
            throw explained;
        }
    }
}
