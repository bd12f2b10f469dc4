package org.jvmipc.internal;

import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jvmipc.MalformedMessageException;
import org.jvmipc.Message;

/** Hands a subscriber values instead of messages. */
public final class Decoding<T> implements Flow.Subscriber<Message> {
    private final Flow.Subscriber<? super T> target;
    private final Function<Message, T> decoder;
    private Flow.Subscription subscription;
    private boolean over;

    public Decoding(Flow.Subscriber<? super T> target, Function<Message, T> decoder) {
        this.target = Objects.requireNonNull(target, "subscriber");
        this.decoder = decoder;
    }

    @Override
    public void onSubscribe(Flow.Subscription to) {
        subscription = to;
        target.onSubscribe(to);
    }

    @Override
    public void onNext(Message message) {
        if (over) {
            return;
        }
        T value;
        try {
            value = decoder.apply(message);
        } catch (MalformedMessageException malformed) {
            over = true;
            subscription.cancel();
            target.onError(malformed);
            return;
        }
        target.onNext(value);
    }

    @Override
    public void onError(Throwable why) {
        if (!over) {
            target.onError(why);
        }
    }

    @Override
    public void onComplete() {
        if (!over) {
            target.onComplete();
        }
    }
}
