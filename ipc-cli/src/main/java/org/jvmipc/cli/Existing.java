package org.jvmipc.cli;

import org.jvmipc.Address;

/** Addresses of channels that are to be looked into, and not to be made by looking. */
final class Existing {
    private Existing() {
    }

    /** The address, for attaching only where nothing is said. */
    static Address of(String text) {
        Address address = Address.parse(text);
        boolean said = address.options().containsKey("open");
        boolean makes = !address.scheme().equals("unix") && !address.scheme().equals("pipe")
                && !address.scheme().equals("signal") && !address.scheme().equals("mem");
        return said || !makes ? address : address.with("open", "attach");
    }
}
