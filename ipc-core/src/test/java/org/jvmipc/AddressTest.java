package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @ParameterizedTest
    @ValueSource(strings = {"mem:x", "pipe:", "unix:@abstract", "fifo:/tmp/a b&c=d", "unix:/a:b/c", "a1:x?o=1",
        "shm:orders?ring=spsc&capacity=1m", "shm:x?text=a=b?c", "abcdefghijklmnop:x"})
    void shouldReadWhatItWrites(String text) {
        Address address = Address.parse(text);
        assertEquals(text, address.toString());
        assertEquals(address, Address.parse(address.toString()));
        assertEquals(address.hashCode(), Address.parse(text).hashCode());
    }

    @Test
    void shouldTakeAnAddressApart() {
        Address address = Address.parse("shm:a/b?ring=spsc&capacity=1m");
        assertEquals("shm", address.scheme());
        assertEquals("a/b", address.name());
        assertEquals(List.of("ring", "capacity"), List.copyOf(address.options().keySet()));
        assertEquals("1m", address.options().get("capacity"));
        assertThrows(UnsupportedOperationException.class, () -> address.options().put("x", "y"));
        assertThrows(UnsupportedOperationException.class, () -> Address.of("a", "b").options().put("x", "y"));
    }

    @Test
    void shouldBeBuiltInCodeWithoutChanging() {
        Address plain = Address.of("shm", "orders");
        Address built = plain.with("ring", "spsc").with("capacity", 4096).with("ring", "mpsc");
        assertEquals("shm:orders", plain.toString());
        assertEquals("shm:orders?ring=mpsc&capacity=4096", built.toString());
        assertEquals("shm:other?ring=mpsc&capacity=4096", built.withName("other").toString());
        assertNotEquals(plain, built);
        assertNotEquals(plain, Address.of("mem", "orders"));
        assertNotEquals(built, built.withName("other"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "orders|\"orders\" is no address; write scheme:name?option=value&…",
        "~~|\"\" is no address; write scheme:name?option=value&…",
        ":x|\"\" is no scheme; it is 1 to 16 lower-case letters and digits, such as shm",
        "SHM:x|\"SHM\" is no scheme; it is 1 to 16 lower-case letters and digits, such as shm",
        "1a:x|\"1a\" is no scheme; it is 1 to 16 lower-case letters and digits, such as shm",
        "a2345678901234567:x|\"a2345678901234567\" is no scheme; it is 1 to 16 lower-case letters and digits, such as "
                + "shm",
        "a:x?|\"\" in \"a:x?\" is no option; write option=value",
        "a:x?o|\"o\" in \"a:x?o\" is no option; write option=value",
        "a:x?o=1&|\"\" in \"a:x?o=1&\" is no option; write option=value",
        "a:x?o=1&o=2|option \"o\" stands twice in \"a:x?o=1&o=2\"",
        "a:x?=1|\"\" is no option name; write option=value",
        "a:x?1o=1|\"1o\" is no option name; write option=value",
        "a:x?o=|the value \"\" of option \"o\" is empty or contains & or NUL",
    })
    void shouldSayWhatIsWrong(String text, String message) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Address.parse(text));
        assertEquals(message, refused.getMessage());
    }

    @Test
    void shouldRefuseWhatCouldNotBeReadBack() {
        Address address = Address.of("a", "x");
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Address.of("a", "b\0c"));
        assertEquals("a name must not contain ? or the NUL character: \"b\u2400c\"", refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Address.of("a", "b?c"));
        assertThrows(IllegalArgumentException.class, () -> address.withName("b?c"));
        assertThrows(IllegalArgumentException.class, () -> address.with("o", "1&2"));
        assertThrows(IllegalArgumentException.class, () -> address.with("o", "\0"));
        assertThrows(NullPointerException.class, () -> Address.parse(null));
    }

    @Test
    void shouldNameTheSchemesThatThereAre() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Ipc.sender("nosuch:x"));
        assertTrue(refused.getMessage().startsWith("scheme \"nosuch\" of nosuch:x is unknown;"), refused.getMessage());
        assertTrue(refused.getMessage().contains("mem"), refused.getMessage());
    }
}
