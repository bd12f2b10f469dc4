package org.jvmipc.signals;

import java.util.concurrent.atomic.AtomicInteger;
import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.testkit.IpcScope;
import org.jvmipc.testkit.contract.ContractSubject;
import org.jvmipc.testkit.contract.Trait;

/**
 * Signals as the contract sees them. They are bounded, too, but by one limit for all processes of a user: filling the
 * queue would disturb tests that run at the same time. {@link BackPressureTest} does it in a process of its own.
 */
final class Subjects {
    static final ContractSubject SIGNAL = ContractSubject.of("signal", Trait.HOLDS, Trait.HOLDS_BEFORE_RECEIVER,
                    Trait.OVERFLOWS, Trait.SHARED_SENDER, Trait.SHARED_RECEIVER, Trait.SEVERAL_SENDERS,
                    Trait.SEVERAL_RECEIVERS, Trait.UNTYPED, Trait.RECEIVER_FIRST)
            .naming(Subjects::self)
            .limited(address -> address)
            .badName("signal:").badName("signal:0").badName("signal:-1").badName("signal:01").badName("signal:me")
            .badName("signal:2147483648").badName("signal:self?signal=NOSUCH").badName("signal:self?signal=KILL")
            .badName("signal:self?signal=RTMIN+31")
            // What this process blocks; from some JDK on it does not pass that on.
            .blocking("RTMIN+1", "RTMIN+2", "RTMIN+3", "RTMIN+4", "RTMIN+5", "RTMIN+6", "RTMIN+7", "RTMIN+8");

    /** How many signals the JVM of the tests blocks. */
    static final int BLOCKED = 8;
    private static final AtomicInteger NEXT = new AtomicInteger();

    private Subjects() {
    }

    /** A signal that others have not used lately, and of which nothing is left for the next test. */
    private static Address self(IpcScope scope, String name) {
        Address address = Address.of("signal", "self")
                .with("signal", Signal.realTime(1 + NEXT.getAndIncrement() % BLOCKED).name());
        drain(address);
        scope.track(() -> drain(address));
        return address;
    }

    private static void drain(Address address) {
        try (Receiver receiver = Ipc.receiver(address)) {
            while (receiver.poll(message -> { }, Integer.MAX_VALUE) > 0) {
                continue;
            }
        }
    }
}
