package org.jvmipc.pipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.Duplex;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.TransferResult;
import org.jvmipc.TypedReceiver;
import org.jvmipc.TypedSender;
import org.jvmipc.testkit.Await;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** Values over pipes and sockets, whose ends learn of each other's type by their greeting. */
@IpcDir
@ExtendWith(SharedThreads.class)
final class TypedTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    enum Side { BUY, SELL }

    record Order(long id, String symbol, Side side, int quantity) {
    }

    private final Codec<Order> orders = Codec.ofRecord(Order.class);

    private static Address address(IpcScope scope, String scheme, String type) {
        Address address = Address.of(scheme, scope.path("typed").toString());
        return type == null ? address : address.with("type", type);
    }

    @ParameterizedTest
    @CsvSource({"fifo,", "unix,", "unix,seqpacket"})
    void shouldCarryRecords(String scheme, String type, IpcScope scope) throws Exception {
        try (TypedReceiver<Order> receiver = Ipc.receiver(address(scope, scheme, type), orders);
                TypedSender<Order> sender = Ipc.sender(address(scope, scheme, type), orders)) {
            Order first = new Order(1, "ÄBC", Side.SELL, -5);
            Order second = new Order(2, "x".repeat(1000), Side.BUY, 5);
            sender.send(first, LONG);
            sender.send(second, LONG);
            assertEquals(first, receiver.receive(LONG).value());
            assertEquals(second, receiver.receive(LONG).value());
        }
    }

    @ParameterizedTest
    @CsvSource({"fifo,", "unix,", "unix,seqpacket"})
    void shouldTellTheReceiverOfAnotherType(String scheme, String type, IpcScope scope) throws Exception {
        try (TypedReceiver<String> receiver = Ipc.receiver(address(scope, scheme, type), Codec.utf8());
                TypedSender<Order> sender = Ipc.sender(address(scope, scheme, type), orders)) {
            sender.send(new Order(1, "", Side.BUY, 1), LONG);
            IncompatibleChannelException told =
                    assertThrows(IncompatibleChannelException.class, () -> receiver.receive(LONG));
            String theirs = Long.toHexString(orders.typeHash());
            String mine = Long.toHexString(Codec.utf8().typeHash());
            assertTrue(told.getMessage().contains("type " + theirs + ", this side expects " + mine), told.getMessage());
            assertTrue(told.getMessage().contains("pid " + ProcessHandle.current().pid()), told.getMessage());
        }
    }

    @Test
    void shouldTellTheSenderOfAnotherTypeWhereThereIsAWayBack(IpcScope scope) throws Exception {
        try (TypedReceiver<Long> receiver = Ipc.receiver(address(scope, "unix", null), Codec.longs());
                TypedSender<String> sender = Ipc.sender(address(scope, "unix", null), Codec.utf8())) {
            assertTrue(sender.awaitPeer(LONG));
            assertThrows(IncompatibleChannelException.class, () -> receiver.receive(LONG));
            Await.until(LONG, "the greeting of the receiver", () -> {
                try {
                    sender.trySend("text");
                    return false;
                } catch (IncompatibleChannelException told) {
                    return told.getMessage().contains(Long.toHexString(Codec.longs().typeHash()));
                }
            });
        }
    }

    @Test
    void shouldNotPretendToCompareTypesWhereMessagesCarryNone(IpcScope scope) throws Exception {
        Address datagrams = address(scope, "unix", "dgram");
        for (Executable opening : List.<Executable>of(
                () -> Ipc.receiver(datagrams, orders), () -> Ipc.sender(datagrams, Codec.utf8()))) {
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, opening);
            assertTrue(refused.getMessage().contains("typeHash"), refused.getMessage());
            assertTrue(refused.getMessage().contains("type=seqpacket"), refused.getMessage());
        }
        try (TypedReceiver<Order> receiver = TypedReceiver.over(Ipc.receiver(datagrams), orders);
                TypedSender<Order> sender = TypedSender.over(Ipc.sender(datagrams), orders)) {
            Order order = new Order(4, "unchecked", Side.BUY, 1);
            sender.send(order, LONG);
            assertEquals(order, receiver.receive(LONG).value());
        }
    }

    @Test
    void shouldGoOverTheHalvesOfAConnection(IpcScope scope) throws Exception {
        try (Listener listener = Ipc.listen(address(scope, "unix", null));
                Duplex one = Ipc.connect(address(scope, "unix", null));
                Duplex other = listener.accept(LONG)) {
            TypedSender<Order> sender = TypedSender.over(one.sender(), orders);
            TypedReceiver<Order> receiver = TypedReceiver.over(other.receiver(), orders);
            Order order = new Order(3, "abc", Side.SELL, 1);
            assertEquals(TransferResult.UNCONFIRMED, sender.transfer(order, Duration.ofMillis(10)));
            assertEquals(order, receiver.receive(LONG).value());
        }
    }
}
