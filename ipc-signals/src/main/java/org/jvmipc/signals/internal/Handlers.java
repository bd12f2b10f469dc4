package org.jvmipc.signals.internal;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jvmipc.signals.Chain;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.SignalHandler;
import org.jvmipc.signals.SignalRegistration;

/** All that this process has asked for its signals. One for the process, as a process has each signal once. */
public final class Handlers {
    private static final Handlers PROCESS = new Handlers(new Refusals());

    private final Refusals refusals;
    private final Map<Signal, Installation> installed = new TreeMap<>();

    /** Made when first needed, as it may be missing. */
    private JvmSignals jvm;

    private Handlers(Refusals refusals) {
        this.refusals = refusals;
    }

    /** Those of this process. */
    public static Handlers ofProcess() {
        return PROCESS;
    }

    private synchronized JvmSignals jvm() {
        if (jvm == null) {
            jvm = new JvmSignals();
        }
        return jvm;
    }

    /** Why a signal cannot have a handler; null if it can. */
    public String refusal(Signal signal) {
        return refusals.ofHandling(signal);
    }

    /** See {@link org.jvmipc.signals.Signals#on}. */
    public synchronized SignalRegistration on(Signal signal, SignalHandler handler, Executor executor, Chain chain) {
        Refusals.check(signal, refusals.ofHandling(signal));
        Installation installation = installed.get(signal);
        if (installation == null) {
            // With -Xrs the JVM has no thread that would call a handler; it then leaves its own signals alone.
            Refusals.check(signal, OwnStatus.read().catches(Signal.QUIT) ? null : Refusals.WITH_XRS);
            installation = new Installation(jvm(), signal, null);
            installed.put(signal, installation);
        } else if (!installation.takesHandlers()) {
            throw new IllegalStateException(signal
                    + " is ignored or left to the system; close that registration first");
        }
        Entry entry = new Entry(signal, installation);
        Executor threads = executor == null ? HandlerThreads.get() : executor;
        installation.add(entry, new HandlerRuns(signal, handler, threads), chain);
        return entry;
    }

    /** See {@link org.jvmipc.signals.Signals#ignore}. */
    public SignalRegistration ignore(Signal signal) {
        Refusals.check(signal, refusals.ofIgnoring(signal));
        // The JVM never again handles one of its own that the kernel ignores.
        return dispose(signal, Refusals.endsJvm(signal) ? jvm().handler(() -> { }) : jvm().ignoring());
    }

    /** See {@link org.jvmipc.signals.Signals#defaultAction}. */
    public SignalRegistration defaultAction(Signal signal) {
        Refusals.check(signal, refusals.ofDefault(signal));
        return dispose(signal, jvm().byDefault());
    }

    private synchronized SignalRegistration dispose(Signal signal, Object disposition) {
        Installation present = installed.get(signal);
        if (present != null) {
            throw new IllegalStateException(signal + (present.takesHandlers()
                    ? " has " + present.handlers() + " handlers; close them first"
                    : " is ignored or left to the system already; close that registration first"));
        }
        Installation installation = new Installation(jvm(), signal, disposition);
        installed.put(signal, installation);
        return new Entry(signal, installation);
    }

    private synchronized void remove(Entry entry) {
        if (entry.installation.remove(entry)) {
            installed.remove(entry.signal);
            entry.installation.restore();
        }
    }

    private final class Entry implements SignalRegistration {
        private final Signal signal;
        private final Installation installation;
        private final AtomicBoolean closed = new AtomicBoolean();

        Entry(Signal signal, Installation installation) {
            this.signal = signal;
            this.installation = installation;
        }

        @Override
        public Signal signal() {
            return signal;
        }

        @Override
        public boolean isEffective() {
            synchronized (Handlers.this) {
                return !closed.get() && installation.isEffective();
            }
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                remove(this);
            }
        }
    }
}
