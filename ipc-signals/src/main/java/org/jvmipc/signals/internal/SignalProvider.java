package org.jvmipc.signals.internal;

import java.util.List;
import java.util.regex.Pattern;
import org.jvmipc.Address;
import org.jvmipc.posix.NativeLibrary;
import org.jvmipc.signals.Signal;
import org.jvmipc.spi.Acceptor;
import org.jvmipc.spi.ChannelProvider;
import org.jvmipc.spi.Framing;
import org.jvmipc.spi.Link;
import org.jvmipc.spi.MessageLink;
import org.jvmipc.spi.OpenRequest;
import org.jvmipc.spi.OptionValues;
import org.jvmipc.spi.Options;
import org.jvmipc.spi.Role;

/** The scheme {@code signal:}, real-time signals with payload. */
public final class SignalProvider implements ChannelProvider {
    private static final String QUEUE = "the kernel keeps a queue for each process, which can neither be made nor "
            + "removed";
    private static final Options OPTIONS = Options.common()
            .size("maxMessage", SignalFormat.LONGEST, 1, SignalFormat.LONGEST)
            .text("signal", "RTMIN+1", Pattern.compile("[A-Za-z0-9+-]{1,12}(,[A-Za-z0-9+-]{1,12}){0,30}"),
                    "names of signals with commas between them, such as RTMIN+1,RTMIN+2")
            .refuse("open", QUEUE)
            .refuse("keep", QUEUE)
            .refuse("peerDeath", "a sender is for the one process that has the number when it is opened, and a "
                    + "receiver does not know who will send; shm:, unix: (stream or seqpacket), fifo: and pipe: know "
                    + "their peers")
            .refuse("typeHash", "a signal has no place for the type of a message; use shm: or unix:");

    /** Creates the provider. */
    public SignalProvider() {
    }

    @Override
    public String scheme() {
        return "signal";
    }

    @Override
    public Options options() {
        return OPTIONS;
    }

    @Override
    public void checkName(Address address, OptionValues values) {
        SignalNames.pid(address);
        for (Signal signal : SignalNames.signals(values)) {
            if (!SignalNames.canBeBlocked(signal)) {
                throw new IllegalArgumentException(signal + " cannot be received by " + address + ", as the JVM or the "
                        + "kernel does not let it be blocked; take RTMIN+1 to RTMIN+30");
            }
        }
    }

    @Override
    public Link open(OpenRequest request) {
        Address address = request.address();
        if (request.framing() == Framing.STREAM) {
            throw new UnsupportedOperationException(address + ": a signal carries at most " + SignalFormat.LONGEST
                    + " bytes, and no stream of them; for streams use pipe:, fifo:, unix: or shm:");
        }
        if (request.role() == Role.BOTH) {
            throw noConnections(address);
        }
        NativeLibrary.requireSupported();
        OptionValues values = request.values();
        List<Signal> signals = SignalNames.signals(values);
        int pid = SignalNames.pid(address);
        if (request.role() == Role.SENDER) {
            SignalOut out = new SignalOut(address.toString(), Target.of(pid), signals.get(0), values.maxMessage());
            return new MessageLink(address.withName(String.valueOf(pid)), out, null, null);
        }
        if (pid != SignalNames.self()) {
            throw new IllegalArgumentException("only process " + pid + " itself can receive from " + address
                    + "; this is process " + SignalNames.self() + ", whose own is signal:self");
        }
        return new MessageLink(SignalNames.ofSelf(address, signals), null, SignalIn.open(address.toString(), signals),
                null);
    }

    @Override
    public Acceptor listen(OpenRequest request) {
        throw noConnections(request.address());
    }

    private static UnsupportedOperationException noConnections(Address address) {
        return new UnsupportedOperationException(address + ": signals have no connections; use a sender to each side's "
                + "process, or unix: or shm:, which have");
    }
}
