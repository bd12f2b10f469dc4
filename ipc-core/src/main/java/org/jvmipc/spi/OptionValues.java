package org.jvmipc.spi;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jvmipc.WaitStrategy;
import org.jvmipc.internal.KnownTypes;

/** The checked options of one address: those given, and the defaults of the others. Immutable. */
public final class OptionValues {
    private final Map<String, Object> values;
    private final Set<String> given;

    OptionValues(Map<String, Object> values, Set<String> given) {
        this.values = Map.copyOf(values);
        this.given = Set.copyOf(given);
    }

    private <T> T get(String name, Class<T> type) {
        Object value = values.get(name);
        if (!type.isInstance(value)) {
            throw new IllegalStateException("the provider has not declared an option " + name + " of " + type);
        }
        return type.cast(value);
    }

    /**
     * Whether the address names the option.
     *
     * @param name the option
     * @return false if its value is the default
     */
    public boolean isGiven(String name) {
        return given.contains(name);
    }

    /**
     * A choice or text.
     *
     * @param name the option
     * @return its value
     */
    public String text(String name) {
        return get(name, String.class);
    }

    /**
     * A flag.
     *
     * @param name the option
     * @return its value
     */
    public boolean flag(String name) {
        return get(name, Boolean.class);
    }

    /**
     * A number or size.
     *
     * @param name the option
     * @return its value
     */
    public long size(String name) {
        return get(name, Long.class);
    }

    /**
     * A time.
     *
     * @param name the option
     * @return its value
     */
    public Duration duration(String name) {
        return get(name, Duration.class);
    }

    /**
     * Whether the channel outlives its peers: {@code peerDeath=wait}.
     *
     * @return false if their going ends it; also where the scheme refuses the option
     */
    public boolean waitsForPeers() {
        return "wait".equals(values.get("peerDeath"));
    }

    /**
     * The same for a channel that has one peer and never another, whatever {@code peerDeath} says.
     *
     * @return these values with {@code peerDeath=fail}
     */
    public OptionValues withOnePeer() {
        Map<String, Object> changed = new HashMap<>(values);
        changed.replace("peerDeath", "fail");
        return new OptionValues(changed, given);
    }

    /**
     * The option {@code wait}.
     *
     * @return how blocked calls pass their time; adaptive where the scheme refuses the option
     */
    public WaitStrategy waitStrategy() {
        return WaitStrategy.valueOf(String.valueOf(values.getOrDefault("wait", "adaptive")).toUpperCase(Locale.ROOT));
    }

    /**
     * The option {@code overflow}.
     *
     * @return {@code block} where the scheme refuses the option
     */
    public String overflow() {
        return String.valueOf(values.getOrDefault("overflow", "block"));
    }

    /**
     * The option {@code maxMessage}.
     *
     * @return bytes
     */
    public int maxMessage() {
        return Math.toIntExact(size("maxMessage"));
    }

    /**
     * The option {@code typeHash}: a hash of the type of the messages.
     *
     * @return hexadecimal digits, or an empty string for untyped
     */
    public String type() {
        return String.valueOf(values.getOrDefault("typeHash", ""));
    }

    /**
     * What the option {@code typeHash} stands for, for messages to people.
     *
     * @return the description that the codec gives of its type, or an empty string if it is not known here
     */
    public String typeDescription() {
        return type().isEmpty() ? "" : KnownTypes.describe(Long.parseUnsignedLong(type(), 16));
    }
}
