package org.jvmipc.internal;

import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jvmipc.observe.ChannelStats;
import org.jvmipc.spi.CounterStore;
import org.jvmipc.spi.Counting;
import org.jvmipc.spi.Log;

/** The place for counters that others can read, if there is one. */
public final class Stores {
    private Stores() {
    }

    private static final class Loaded {
        static final Optional<CounterStore> STORE = load();

        private static Optional<CounterStore> load() {
            try {
                return ServiceLoader.load(CounterStore.class, Stores.class.getClassLoader()).findFirst();
            } catch (ServiceConfigurationError unusable) {
                Log.warning("counters stay in this process: no place for them can be loaded", unusable);
                return Optional.empty();
            }
        }
    }

    /**
     * The place for counters.
     *
     * @return empty if there is none on the class path or module path
     */
    public static Optional<CounterStore> get() {
        return Loaded.STORE;
    }

    /** Room for an end's counters; null if others shall not or cannot read them. */
    static CounterStore.Slot open(String address, ChannelStats.End end, long number) {
        return !Counting.ON || "false".equals(System.getProperty(Counting.PROPERTY)) || Loaded.STORE.isEmpty()
                ? null : Loaded.STORE.get().open(address, end, number);
    }
}
