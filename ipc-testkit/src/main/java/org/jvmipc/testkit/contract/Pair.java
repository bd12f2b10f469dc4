package org.jvmipc.testkit.contract;

import java.time.Duration;
import org.jvmipc.Receiver;
import org.jvmipc.Received;
import org.jvmipc.SendResult;
import org.jvmipc.Sender;

/** The two ends of a channel, and the steps that cases are made of. */
final class Pair {
    private static final int SOME = 1024;
    /** More than any channel that calls itself bounded takes. */
    private static final int ENDLESS = 200_000;

    /** Null if another process has this end; so may be the receiver. */
    final Sender sender;
    final Receiver receiver;
    /** A size that every channel carries and that fills it soon. */
    final int size;

    Pair(Sender sender, Receiver receiver) {
        this(sender, receiver, sender == null ? SOME : sender.maxMessage());
    }

    /** With the largest message that a sender elsewhere takes. */
    Pair(Sender sender, Receiver receiver, int maxMessage) {
        this.sender = sender;
        this.receiver = receiver;
        this.size = Math.min(SOME, maxMessage);
    }

    /** Sends a message that must find room in time. */
    void send(int number) throws InterruptedException {
        send(number, size);
    }

    void send(int number, int bytes) throws InterruptedException {
        sender.send(Payload.of(number, bytes), Bench.PATIENCE);
    }

    /** Receives the next message and checks that it is this one. */
    void expect(int number) throws InterruptedException {
        expect(number, size);
    }

    void expect(int number, int bytes) throws InterruptedException {
        Payload.assertIs(number, bytes, receiver.receive(Bench.PATIENCE));
    }

    /** Receives and checks messages, each in its turn. */
    void expectAll(int from, int to) throws InterruptedException {
        for (int number = from; number < to; number++) {
            expect(number);
        }
    }

    /** Nothing more comes: neither is anything there, nor is anything on its way. */
    void expectNothing() throws InterruptedException {
        Received received = receiver.receive(Duration.ofMillis(30));
        if (received != Received.TIMED_OUT) {
            throw new AssertionError("expected no message, found " + received);
        }
    }

    /** The end has come. */
    void expectEnd() throws InterruptedException {
        Received received = receiver.receive(Bench.PATIENCE);
        if (received != Received.END) {
            throw new AssertionError("expected the end, found " + received);
        }
    }

    /** Sends messages 0, 1, 2 ... until there is no room; tells how many were sent. */
    int fill() throws InterruptedException {
        send(0);
        for (int number = 1; number < ENDLESS; number++) {
            SendResult result = sender.trySend(Payload.of(number, size));
            if (result == SendResult.FULL) {
                return number;
            }
            if (result != SendResult.SENT) {
                throw new AssertionError("message " + number + " was " + result);
            }
        }
        throw new AssertionError("not full after " + ENDLESS + " messages of " + size + " bytes");
    }
}
