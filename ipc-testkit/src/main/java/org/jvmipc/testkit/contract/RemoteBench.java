package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;

/** Opens channels with one end here and the other in another process; this end first, as a pipe needs it. */
interface RemoteBench extends Cases {
    /** The process that all tests of a class share. */
    default Remote remote() {
        return bench().remote();
    }

    /** A pair of which the receiver is with the shared process. */
    default Pair sending(Address address) {
        return sending(address, remote());
    }

    default Pair sending(Address address, Remote to) {
        if (bench().has(Trait.RECEIVER_FIRST)) {
            String there = to.ask("receiver", address);
            return new Pair(bench().track(Ipc.sender(there)), null);
        }
        Sender sender = bench().track(Ipc.sender(address));
        to.ask("receiver", sender.address());
        return new Pair(sender, null);
    }

    /** A pair of which the sender is with the shared process. */
    default Pair receiving(Address address) {
        return receiving(address, remote());
    }

    default Pair receiving(Address address, Remote from) {
        Receiver receiver = bench().track(Ipc.receiver(address));
        from.ask("sender", receiver.address());
        return new Pair(null, receiver, Integer.parseInt(from.ask("maxMessage")));
    }

    /** What a killed process has left is taken over by the next one, who removes it in the end. */
    default void takeOverWhatIsLeft(Remote mortal, Address address) throws IOException {
        mortal.awaitDeath();
        if (bench().has(Trait.RECEIVER_FIRST)) {
            return; // it went with its receiver
        }
        try (Stream<Path> left = Files.list(bench().scope().dir())) {
            // What holds messages may be held by the system, and is in no directory.
            if (left.findAny().isEmpty() && !bench().has(Trait.HOLDS_BEFORE_RECEIVER)) {
                return;
            }
        }
        Receiver next = bench().track(Ipc.receiver(address));
        assertTrue(next.isOpen());
    }

    /** A process for a test that ends it. */
    default Remote mortal() {
        return bench().track(Remote.start(bench().subject()));
    }
}
