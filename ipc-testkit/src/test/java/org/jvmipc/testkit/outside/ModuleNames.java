package org.jvmipc.testkit.outside;

import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** A peer in a package that no module holds. */
public final class ModuleNames implements Peer {

    @Override
    public void run(PeerContext context) {
        context.say("here " + getClass().getModule().getName());
        context.say("there " + Peer.class.getModule().getName());
    }
}
