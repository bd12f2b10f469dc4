package org.jvmipc.process.internal;

import org.jvmipc.Address;

/**
 * Who is joined to whom by what, as it was declared.
 *
 * @param port the name of both ends; empty if each is named for the other side
 * @param from who sends
 * @param to who receives
 * @param address the channel; its name may be empty
 */
public record Join(String port, String from, String to, Address address) {
    /** What the sender calls it. */
    String outPort() {
        return port.isEmpty() ? to : port;
    }

    /** What the receiver calls it. */
    String inPort() {
        return port.isEmpty() ? from : port;
    }

    @Override
    public String toString() {
        return "join " + from + " -> " + to + (port.isEmpty() ? "" : " as " + port) + " by " + address;
    }
}
