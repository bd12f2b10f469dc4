package org.jvmipc.testkit.contract;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.jvmipc.Message;

/** A subscriber that notes what it gets. */
final class Subscription implements Flow.Subscriber<Message> {
    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private volatile Flow.Subscription subscription;
    private volatile Throwable failure;
    private volatile boolean complete;

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
    }

    @Override
    public void onNext(Message message) {
        messages.add(message);
    }

    @Override
    public void onError(Throwable thrown) {
        failure = thrown;
    }

    @Override
    public void onComplete() {
        complete = true;
    }

    void request(long count) {
        subscription.request(count);
    }

    void cancel() {
        subscription.cancel();
    }

    boolean isSubscribed() {
        return subscription != null;
    }

    boolean isComplete() {
        return complete;
    }

    List<Message> messages() {
        return messages;
    }

    Throwable failure() {
        return failure;
    }
}
