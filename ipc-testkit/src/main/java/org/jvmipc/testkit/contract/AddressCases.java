package org.jvmipc.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.jvmipc.Address;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.ChannelNotFoundException;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;

/** What is no address is refused, saying what is allowed, before anything is touched. */
interface AddressCases extends Cases {
    /** Every way to open an address. */
    List<Function<Address, AutoCloseable>> OPENINGS =
            List.of(Ipc::sender, Ipc::receiver, Ipc::connect, Ipc::listen, Ipc::sink, Ipc::source, Ipc::stream);

    /** All ways to open it refuse it with a message that holds these words; and nothing is left on disk. */
    private void assertRefused(Address address, String... words) throws IOException {
        List<Path> before = files();
        for (Function<Address, AutoCloseable> opening : OPENINGS) {
            IllegalArgumentException refusal =
                    assertThrows(IllegalArgumentException.class, () -> opening.apply(address), address.toString());
            for (String word : words) {
                assertTrue(refusal.getMessage().contains(word), "\"" + word + "\" in: " + refusal.getMessage());
            }
        }
        assertEquals(before, files());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> found = Files.walk(bench().scope().dir())) {
            return found.toList();
        }
    }

    @Test
    default void shouldListTheSchemesInsteadOfAnUnknownOne() throws Exception {
        assertRefused(Address.of("nosuchscheme", "x"), "nosuchscheme", bench().subject().scheme());
    }

    @Test
    default void shouldListTheOptionsInsteadOfAnUnknownOne() throws Exception {
        assertRefused(bench().address().with("nosuchoption", 1), "nosuchoption", "open", "peerDeath", "wait");
    }

    @Test
    default void shouldListTheValuesInsteadOfABadOne() throws Exception {
        assertRefused(bench().address().with("wait", "sometimes"), "sometimes", "spin", "yield", "block", "adaptive");
        assertRefused(bench().address().with("open", "maybe"), "maybe", "open");
        assertRefused(bench().address().with("keep", "perhaps"), "perhaps", "keep");
        assertRefused(bench().address().with("maxMessage", "-1"), "-1", "maxMessage");
        assertRefused(bench().address().with("maxMessage", "many"), "many", "maxMessage");
    }

    @Test
    default void shouldRefuseBadNames() throws Exception {
        for (String bad : bench().subject().badNames()) {
            assertRefused(Address.parse(bad), bench().subject().scheme());
        }
        assertThrows(IllegalArgumentException.class, () -> Ipc.sender(bench().subject().scheme()));
        assertThrows(NullPointerException.class, () -> Ipc.sender((Address) null));
        assertThrows(NullPointerException.class, () -> Ipc.receiver((String) null));
    }

    @Test
    default void shouldTellCreatingFromAttaching() throws Exception {
        Address address = bench().address();
        Address create = address.with("open", "create");
        Address attach = address.with("open", "attach");
        if (!bench().has(Trait.NAMED)) {
            for (Address option : List.of(create, attach)) {
                assertThrows(IllegalArgumentException.class, () -> Ipc.receiver(option));
            }
            return;
        }
        for (Function<Address, AutoCloseable> opening : List.<Function<Address, AutoCloseable>>of(
                Ipc::sender, Ipc::receiver)) {
            ChannelNotFoundException missing =
                    assertThrows(ChannelNotFoundException.class, () -> opening.apply(attach));
            assertTrue(missing.getMessage().contains(address.name()), missing.getMessage());
        }
        Receiver receiver = bench().track(Ipc.receiver(create));
        ChannelExistsException existing = assertThrows(ChannelExistsException.class, () -> Ipc.receiver(create));
        assertTrue(existing.getMessage().contains(address.name()), existing.getMessage());
        assertThrows(ChannelExistsException.class, () -> Ipc.sender(create));
        Pair pair = new Pair(bench().track(Ipc.sender(attach)), receiver);
        Task<Void> sending = bench().task("sending", () -> {
            pair.send(1);
            return null;
        });
        pair.expect(1);
        sending.result();
    }

    @Test
    default void shouldGiveAnAddressThatAPeerCanOpen() throws Exception {
        Address address = bench().address();
        boolean named = bench().has(Trait.NAMED);
        Pair pair = bench().pair(named ? address.with("open", "create") : address);
        Task<Void> sending = bench().task("sending", () -> {
            pair.send(1);
            return null;
        });
        pair.expect(1);
        sending.result();
        assertEquals(bench().subject().scheme(), pair.sender.address().scheme());
        assertEquals(pair.receiver.address(), Address.parse(pair.receiver.address().toString()));
    }

    @Test
    default void shouldRefuseAGeometryThatDiffers() throws Exception {
        Address address = bench().address();
        Address differing = bench().subject().differing(address);
        Pair pair = bench().pair(address);
        if (differing == null) {
            assertTrue(pair.sender.isOpen());
            return;
        }
        for (Function<Address, AutoCloseable> opening : List.<Function<Address, AutoCloseable>>of(
                Ipc::sender, Ipc::receiver)) {
            IncompatibleChannelException refusal =
                    assertThrows(IncompatibleChannelException.class, () -> opening.apply(differing));
            differing.options().forEach((option, value) -> {
                if (!address.options().containsKey(option)) {
                    assertTrue(refusal.getMessage().contains(option), refusal.getMessage());
                }
            });
        }
        Task<Void> sending = bench().task("sending", () -> {
            pair.send(1);
            return null;
        });
        pair.expect(1);
        sending.result();
    }

    @Test
    default void shouldRefuseAnotherTypeOfMessages() throws Exception {
        Address address = bench().address("typeHash=abc123");
        if (bench().has(Trait.UNTYPED)) {
            // Nobody greets, and nothing stays that could tell the type.
            assertRefused(address, "typeHash");
            return;
        }
        Sender sender = bench().track(Ipc.sender(address));
        if (!bench().has(Trait.NAMED) || !bench().has(Trait.HOLDS_BEFORE_RECEIVER)) {
            // A connection tells its type when it is made; that is tested where there are two sides.
            assertTrue(sender.isOpen());
            return;
        }
        Address other = sender.address().with("typeHash", "def456");
        IncompatibleChannelException refusal =
                assertThrows(IncompatibleChannelException.class, () -> Ipc.receiver(other));
        assertTrue(refusal.getMessage().contains("abc123"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("def456"), refusal.getMessage());
        Receiver same = bench().track(Ipc.receiver(sender.address().with("typeHash", "abc123")));
        assertTrue(same.isOpen());
    }
}
