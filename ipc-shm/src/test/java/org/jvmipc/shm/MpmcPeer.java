package org.jvmipc.shm;

import java.nio.ByteBuffer;
import org.jvmipc.Claim;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.testkit.Peer;
import org.jvmipc.testkit.PeerContext;

/** A participant of a ring of many in another process; its arguments say what it does, and its address. */
final class MpmcPeer implements Peer {
    @Override
    public void run(PeerContext context) throws Exception {
        String address = context.arg(1);
        switch (context.arg(0)) {
            case "claim" -> claim(context, address);
            case "flood" -> flood(context, address, Integer.parseInt(context.arg(2)));
            case "take" -> take(context, address);
            default -> throw new IllegalArgumentException(context.arg(0));
        }
    }

    /** A number of a sender. */
    static ByteBuffer message(int key, int number) {
        ByteBuffer message = ByteBuffer.allocate(8 + number % 100);
        return message.putInt(key).putInt(number).clear();
    }

    /** Claims, and commits when told. */
    private static void claim(PeerContext context, String address) throws InterruptedException {
        try (Sender sender = Ipc.sender(address); Claim claim = sender.tryClaim(100)) {
            claim.buffer().putInt(7).putInt(0);
            context.say("claimed");
            context.hear();
            claim.commit();
            context.say("committed");
            context.hear();
        }
    }

    /** Sends on and on, and says after each message that it was accepted. */
    private static void flood(PeerContext context, String address, int key) throws InterruptedException {
        try (Sender sender = Ipc.sender(address)) {
            context.say("floods");
            for (int number = 0; true; number++) {
                sender.send(message(key, number));
                context.say("sent " + number);
            }
        }
    }

    /** Takes one message, and has it in hand until told. */
    private static void take(PeerContext context, String address) {
        try (Receiver receiver = Ipc.receiver(address)) {
            context.say("ready");
            boolean[] taken = {false};
            while (!taken[0]) {
                receiver.poll(message -> {
                    taken[0] = true;
                    context.say("taken " + message.getInt(message.position() + 4));
                    hear(context);
                }, 1);
                Thread.onSpinWait();
            }
        }
    }

    private static void hear(PeerContext context) {
        try {
            context.hear();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
