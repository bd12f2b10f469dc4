package org.jvmipc.signals.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jvmipc.signals.Chain;
import org.jvmipc.signals.Signal;

/**
 * One signal that this toolkit has taken, from the first registration to the last. Other code that took the signal
 * later may go on calling this one: it then passes the signal on to whom it had replaced itself.
 */
final class Installation {
    private final JvmSignals jvm;
    private final Signal signal;
    private final Object mine;
    private final boolean takesHandlers;
    private final Map<Object, HandlerRuns> handlers = new ConcurrentHashMap<>();
    private final Map<Object, Chain> chains = new ConcurrentHashMap<>();
    private final HandlerRuns previousRuns;
    private volatile Object previous;

    /** Takes the signal: for handlers if there is no disposition, else for that one. */
    Installation(JvmSignals jvm, Signal signal, Object disposition) {
        this.jvm = jvm;
        this.signal = signal;
        this.takesHandlers = disposition == null;
        this.mine = disposition != null ? disposition : jvm.handler(this::deliver);
        this.previousRuns = new HandlerRuns(signal, same -> jvm.call(previous, same), HandlerThreads.get());
        this.previous = jvm.byDefault();
        try {
            this.previous = jvm.install(signal, mine);
        } catch (IllegalArgumentException refused) {
            throw Refusals.byJvm(signal, refused);
        }
    }

    void add(Object key, HandlerRuns runs, Chain chain) {
        chains.put(key, chain);
        handlers.put(key, runs);
    }

    /** Whether it was the last one. */
    boolean remove(Object key) {
        HandlerRuns runs = handlers.remove(key);
        chains.remove(key);
        if (runs != null) {
            runs.close();
        }
        return handlers.isEmpty();
    }

    int handlers() {
        return handlers.size();
    }

    boolean takesHandlers() {
        return takesHandlers;
    }

    /** Gives the signal back, unless other code has taken it since. */
    void restore() {
        Object present = jvm.install(signal, previous);
        if (present != mine) {
            jvm.install(signal, present);
        }
    }

    /** Only putting a handler there tells which one was there. */
    boolean isEffective() {
        Object present = jvm.install(signal, mine);
        if (present != mine) {
            jvm.install(signal, present);
            return false;
        }
        OwnStatus status = OwnStatus.read();
        boolean caught = status.catches(signal);
        boolean ignored = status.ignores(signal);
        return jvm.isCode(mine) ? caught : mine == jvm.ignoring() ? ignored : !caught && !ignored;
    }

    /** On a thread that the JVM has made for this signal. */
    private void deliver() {
        List<CompletableFuture<Void>> begun = new ArrayList<>();
        boolean chained = isChained();
        for (HandlerRuns runs : handlers.values()) {
            CompletableFuture<Void> run = runs.trigger();
            if (run != null) {
                begun.add(run);
            }
        }
        // If no run was new, those that are to come have the previous handler behind them already.
        if (chained && (!begun.isEmpty() || handlers.isEmpty())) {
            CompletableFuture.allOf(begun.toArray(CompletableFuture[]::new)).thenRun(previousRuns::trigger);
        }
    }

    private boolean isChained() {
        Object target = previous;
        if (!jvm.isCode(target)) {
            return false;
        }
        return handlers.isEmpty() || chains.containsValue(Chain.ALL)
                || chains.containsValue(Chain.OTHERS) && !jvm.isJvms(target);
    }
}
