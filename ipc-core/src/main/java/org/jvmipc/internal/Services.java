package org.jvmipc.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jvmipc.Duplex;
import org.jvmipc.Listener;
import org.jvmipc.Registration;
import org.jvmipc.RequestHandler;

/** The services of all who have connected to a listener. */
public final class Services<Q, A> implements Registration {
    private final Function<Duplex, Service<Q, A>> maker;
    private final RequestHandler<? super Q, ? extends A> handler;
    private final Executor executor;
    private final Set<Service<Q, A>> running = ConcurrentHashMap.newKeySet();
    private volatile Registration accepting;
    private volatile boolean closed;

    private Services(Function<Duplex, Service<Q, A>> maker, RequestHandler<? super Q, ? extends A> handler,
            Executor executor) {
        this.maker = maker;
        this.handler = handler;
        this.executor = executor;
    }

    public static <Q, A> Registration listen(Listener listener, Function<Duplex, Service<Q, A>> maker,
            RequestHandler<? super Q, ? extends A> handler, Executor executor) {
        Services<Q, A> services = new Services<>(maker, handler, executor);
        services.accepting = Accepting.from(listener, services::add);
        return services;
    }

    private void add(Duplex connection) {
        Service<Q, A> service = maker.apply(connection);
        running.add(service);
        service.start(handler, executor).ended().whenComplete((end, failure) -> remove(service));
        if (closed) {
            remove(service);
        }
    }

    private void remove(Service<Q, A> service) {
        running.remove(service);
        service.close();
    }

    @Override
    public void close() {
        closed = true;
        accepting.close();
        running.forEach(this::remove);
    }
}
