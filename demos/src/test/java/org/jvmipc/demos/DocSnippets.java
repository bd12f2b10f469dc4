package org.jvmipc.demos;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jvmipc.Codec;
import org.jvmipc.Ipc;
import org.jvmipc.Letter;
import org.jvmipc.Mailbox;
import org.jvmipc.Message;
import org.jvmipc.Publication;
import org.jvmipc.Receiver;
import org.jvmipc.Registration;
import org.jvmipc.Replier;
import org.jvmipc.Requester;
import org.jvmipc.Sender;
import org.jvmipc.SlowSubscriber;
import org.jvmipc.TopicPublisher;
import org.jvmipc.TopicSubscriber;
import org.jvmipc.TypedListener;
import org.jvmipc.TypedReceiver;
import org.jvmipc.TypedSender;
import org.jvmipc.mq.Delivery;
import org.jvmipc.mq.GroupConsumer;
import org.jvmipc.observe.ChannelStats;
import org.jvmipc.observe.Counters;
import org.jvmipc.observe.ProcessStats;
import org.jvmipc.observe.TraceContext;
import org.jvmipc.observe.Traced;
import org.jvmipc.shm.sync.DeadlockDetector;
import org.jvmipc.shm.sync.DeadlockPolicy;
import org.jvmipc.shm.sync.Deadlocks;
import org.jvmipc.shm.sync.LockGuard;
import org.jvmipc.shm.sync.SharedLock;
import org.jvmipc.signals.Signal;
import org.jvmipc.signals.SignalChannels;
import org.jvmipc.signals.SignalInfo;
import org.jvmipc.signals.SignalRegistration;
import org.jvmipc.signals.Signals;

/**
 * What the documents show, but for docs/select.md, groups of processes, and what demos have; it is compiled, and that
 * is all.
 */
@SuppressWarnings("try")
abstract class DocSnippets {
    enum Side { BUY, SELL }

    record Order(long id, String symbol, Side side, int quantity) { }

    record Receipt(long id) {
    }

    record Price(long cents) {
    }

    private Order order;
    private Codec<Order> orders;
    private Codec<Receipt> receipts;
    private Codec<Price> codec;
    private Price price;
    private Price result;
    private Executor executor;
    private ByteBuffer message;
    private ByteBuffer another;
    private ProcessHandle process;
    private String traceparent;
    private String tracestate;

    abstract void handle(Object something);

    abstract Receipt price(Order wanted);

    abstract void work();

    abstract void change();

    abstract void repair();

    abstract void reload();

    abstract void resume(String parent, String state);

    void values() {
        record Leg(Side side, int quantity) { }
        record Order(long id, String symbol, List<Leg> legs, Optional<String> note) { }

        Codec<Order> orders = Codec.ofRecord(Order.class);
        try (TypedReceiver<Order> receiver = Ipc.receiver("shm:orders", orders)) {
            for (Order order : receiver.range()) {       // until the end, or until somebody closes the receiver
                handle(order);
            }
        }
    }

    void requests() throws InterruptedException {
        // One side: a process that replies to all who connect.
        TypedListener<Receipt, Order> listener = Ipc.listen("unix:/run/shop", receipts, orders);
        Registration shop = Replier.listen(listener, order -> price(order), executor);

        // The other side.
        try (Requester<Order, Receipt> requester = Requester.over(Ipc.connect("unix:/run/shop", orders, receipts))) {
            Receipt receipt = requester.request(order, Duration.ofSeconds(1));
            CompletableFuture<Receipt> later = requester.requestAsync(order);
        }
    }

    void topics() throws InterruptedException {
        try (TopicPublisher<Price> prices = TopicPublisher.at("unix:/run/prices", codec)
                .history(100).slow(SlowSubscriber.DROP_OLDEST).open()) {
            prices.publish("prices/EUR", price);
        }

        String[] wanted = {"prices/EUR", "prices/CHF"};
        try (TopicSubscriber<Price> prices = TopicSubscriber.open("unix:/run/prices", codec, wanted)) {
            for (Publication<Price> price : prices.range()) {
                handle(price.value());                   // price.missed() tells what was dropped before it
            }
        }
    }

    void mailboxes() throws InterruptedException {
        try (Mailbox me = Mailbox.open("worker-3")) {
            me.send("boss", "ready");
            Letter task = me.receive();
            me.send(task.source(), result, codec);
        }
    }

    void queues() throws InterruptedException {
        try (Sender orders = Ipc.sender("queue:/var/lib/orders?sync=each")) {
            orders.send(message);                          // on the disk when this returns
        }
        try (Receiver billing = Ipc.receiver("queue:/var/lib/orders?reader=billing")) {
            Message next = billing.receive().message();    // goes on where billing was, after a crash, too
        }
    }

    void groups() throws InterruptedException {
        String address = "queue:/var/lib/orders?group=billing&redeliver=5&deadLetter=/var/lib/failed";
        try (GroupConsumer billing = GroupConsumer.open(address)) {
            while (true) {
                try (Delivery order = billing.receive()) {
                    handle(order.payload());
                    order.ack();                           // closed without that, it is delivered again
                }
            }
        }
    }

    void priorities() throws InterruptedException {
        try (Sender jobs = Ipc.sender("posixmq:jobs?maxMessages=10&messageSize=1k");
                Sender urgent = Ipc.sender("posixmq:jobs?priority=9")) {
            jobs.send(message);
            urgent.send(another);               // is received first
        }
        try (Receiver worker = Ipc.receiver("posixmq:jobs")) {
            Message next = worker.receive().message();
            int priority = next.priority();
        }
    }

    void signals() {
        try (SignalRegistration registration = Signals.on(Signal.HUP, signal -> reload())) {
            work();
        }
        Signals.kill(process, Signal.USR1);     // a ProcessHandle: never another process that has its number now
    }

    void queuedSignals() throws InterruptedException {
        Signals.relaunchBlocked(Signal.realTime(1));                    // first in main
        try (Receiver receiver = Ipc.receiver("signal:self?signal=RTMIN+1")) {
            Message next = receiver.receive().message();                // next.sender().pid(), the number: next.type()
            SignalInfo info = SignalChannels.last(receiver);            // signal, payload, pid, uid
        }
        try (Sender sender = Ipc.sender("signal:4711?signal=RTMIN+1")) {
            sender.send(ByteBuffer.allocate(4).putInt(42).flip());
        }
    }

    void locks() {
        try (SharedLock lock = SharedLock.named("orders")) {
            lock.lock();
            try {
                change();
            } finally {
                lock.unlock();
            }
        }
    }

    void guards(SharedLock lock) {
        try (LockGuard guard = lock.acquire()) {
            if (guard.ownerDied()) {
                repair();
                guard.markConsistent();
            }
            work();
        }
    }

    void deadlocks() {
        try (DeadlockDetector detector = Deadlocks.named("orders-").watch(DeadlockPolicy.BREAK, System.err::println)) {
            work();
        }
    }

    void counters() {
        for (ProcessStats process : Counters.processes()) {          // of this user: living, stopped, dead
            System.out.println(process.pid() + " " + process.mainClass() + (process.alive() ? "" : ", dead"));
            for (ChannelStats end : process.channels()) {
                System.out.println("  " + end.address() + " " + end.end() + " " + end.messages() + " "
                        + end.waitingSince().map(since -> "waits since " + since).orElse(""));
            }
        }
        List<ChannelStats> mine = Counters.own();                    // all open ends of this process
    }

    void traces() throws InterruptedException {
        Codec<Traced<Order>> codec = Traced.codec(Codec.ofRecord(Order.class));

        try (TypedSender<Traced<Order>> sender = Ipc.sender("shm:orders", codec)) {
            sender.send(Traced.of(order, TraceContext.parse(traceparent, tracestate)));
        }
        try (TypedReceiver<Traced<Order>> receiver = Ipc.receiver("shm:orders", codec)) {
            Traced<Order> traced = receiver.receive();
            traced.context().ifPresent(context -> resume(context.traceparent(), context.state()));
        }
    }
}
