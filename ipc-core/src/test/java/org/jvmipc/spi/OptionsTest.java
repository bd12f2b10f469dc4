package org.jvmipc.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Address;
import org.jvmipc.WaitStrategy;

class OptionsTest {
    private final Options options = Options.common()
            .size("size", 7, 1, 1L << 40)
            .size("any", 0, 0, Long.MAX_VALUE)
            .duration("time", Duration.ofSeconds(1))
            .flag("flag", true)
            .text("text", "abc", Pattern.compile("[a-z]+"), "lower-case letters")
            .refuse("keep", "it has no name; leave it out");

    private OptionValues check(String given) {
        return options.check(Address.parse("test:x" + (given.isEmpty() ? "" : "?" + given)));
    }

    private String refusal(String given) {
        return assertThrows(IllegalArgumentException.class, () -> check(given)).getMessage();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1024, 1024", "1k, 1024", "1K, 1024", "3m, 3145728", "2M, 2097152", "1g, 1073741824",
        "1024G, 1099511627776", "007, 7"})
    void shouldReadSizes(String given, long size) {
        assertEquals(size, check("size=" + given).size("size"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1025g", "-1", "1.5k", "k", "1kb", "1 k", "0x10", "999999999999999999g",
        "1000000000000000000", "99999999999999999999", "١"})
    void shouldRefuseOtherSizes(String given) {
        assertEquals("option size=" + given + " of test: is not allowed; allowed is 1 to 1099511627776, also with k, m "
                + "or g", refusal("size=" + given));
    }

    @Test
    void shouldNotOverflow() {
        assertEquals(((1L << 33) - 1) << 30, check("any=8589934591g").size("any"));
        assertTrue(refusal("any=8589934592g").contains("any=8589934592g"));
    }

    @ParameterizedTest
    @CsvSource({"50us, PT0.00005S", "500ms, PT0.5S", "10s, PT10S", "2m, PT2M", "0s, PT0S",
        "999999999999m, PT16666666666H39M"})
    void shouldReadDurations(String given, Duration duration) {
        assertEquals(duration, check("time=" + given).duration("time"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "s", "-5s", "1h", "1.5s", "5 s", "5S", "1000000000000s"})
    void shouldRefuseOtherDurations(String given) {
        assertEquals("option time=" + given + " of test: is not allowed; allowed is a number followed by us, ms, s or "
                + "m", refusal("time=" + given));
    }

    @Test
    void shouldReadChoicesFlagsAndTexts() {
        OptionValues values = check("open=attach&flag=false&text=xyz&typeHash=ff00&wait=spin&overflow=fail");
        assertEquals("attach", values.text("open"));
        assertFalse(values.flag("flag"));
        assertEquals("xyz", values.text("text"));
        assertEquals("ff00", values.type());
        assertEquals(WaitStrategy.SPIN, values.waitStrategy());
        assertEquals("fail", values.overflow());
        assertTrue(values.isGiven("open"));
        assertFalse(values.isGiven("peerDeath"));
        assertTrue(check("peerDeath=wait").waitsForPeers());
    }

    @Test
    void shouldGiveDefaults() {
        OptionValues values = check("");
        assertEquals("createOrAttach", values.text("open"));
        assertEquals(16 << 20, values.maxMessage());
        assertEquals(WaitStrategy.ADAPTIVE, values.waitStrategy());
        assertEquals("block", values.overflow());
        assertEquals("", values.type());
        assertEquals(7, values.size("size"));
        assertEquals(Duration.ofSeconds(1), values.duration("time"));
        assertTrue(values.flag("flag"));
        assertFalse(values.waitsForPeers());
    }

    @Test
    void shouldSayWhatIsAllowed() {
        assertEquals("option open=Attach of test: is not allowed; allowed is create | attach | createOrAttach",
                refusal("open=Attach"));
        assertEquals("option flag=yes of test: is not allowed; allowed is true | false", refusal("flag=yes"));
        assertEquals("option text=A of test: is not allowed; allowed is lower-case letters", refusal("text=A"));
        for (String hash : new String[] {"FF", "0ff", "0", "12345678901234567"}) {
            assertEquals("option typeHash=" + hash + " of test: is not allowed; allowed is a hash of 1 to 16 "
                    + "hexadecimal digits, the first not 0", refusal("typeHash=" + hash));
        }
        assertEquals("option maxMessage=1g of test: is not allowed; allowed is 1 to 1073741823, also with k, m or g",
                refusal("maxMessage=1g"));
    }

    @Test
    void shouldRefuseByNameAndListWhatIsKnown() {
        assertEquals("option keep=true does not go with test: it has no name; leave it out", refusal("keep=true"));
        String unknown = refusal("nosuch=1");
        assertTrue(unknown.startsWith("option \"nosuch\" is unknown to test:, which knows open, peerDeath, overflow, "
                + "maxMessage, wait, typeHash, size, any, time, flag, text"), unknown);
        assertTrue(unknown.contains("keep"), unknown);
    }

    @Test
    void shouldLetALaterDeclarationReplaceAnEarlierOne() {
        Options again = Options.common().refuse("wait", "no").choice("wait", "block", "block")
                .choice("overflow", "block", "block");
        assertEquals(WaitStrategy.BLOCK, again.check(Address.of("test", "x")).waitStrategy());
        assertThrows(IllegalArgumentException.class, () -> again.check(Address.parse("test:x?overflow=fail")));
    }

    @Test
    void shouldFallBackWhereTheSchemeRefusesACommonOption() {
        OptionValues values = Options.common().refuse("wait", "no").refuse("overflow", "no").refuse("peerDeath", "no")
                .refuse("typeHash", "no").check(Address.of("test", "x"));
        assertEquals(WaitStrategy.ADAPTIVE, values.waitStrategy());
        assertEquals("block", values.overflow());
        assertEquals("", values.type());
        assertFalse(values.waitsForPeers());
    }

    @Test
    void shouldTellAProviderThatItAsksForWhatItHasNotDeclared() {
        OptionValues values = check("");
        assertThrows(IllegalStateException.class, () -> values.text("nosuch"));
        assertThrows(IllegalStateException.class, () -> values.size("flag"));
    }
}
