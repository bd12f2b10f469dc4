package org.jvmipc.spi;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jvmipc.Address;

/**
 * The options that a scheme knows. Built once per provider, starting with {@link #common()}; {@link #check} turns an
 * address into values or says what is allowed.
 */
public final class Options {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})([kmgKMG]?)");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(us|ms|s|m)");

    private final Map<String, Spec> specs = new LinkedHashMap<>();
    private final Map<String, String> refused = new LinkedHashMap<>();

    /** How one option is read. */
    private interface Reader {
        Object read(String value);
    }

    private record Spec(String allowed, Object byDefault, Reader reader) {
    }

    private Options() {
    }

    /**
     * The options that every scheme understands or refuses by name.
     *
     * @return a new set to be completed
     */
    public static Options common() {
        return new Options()
                .choice("open", "createOrAttach", "create", "attach", "createOrAttach")
                .flag("keep", false)
                .choice("peerDeath", "fail", "fail", "wait")
                .choice("overflow", "block", "block", "fail", "dropNewest")
                .size("maxMessage", 16 << 20, 1, (1 << 30) - 1)
                .choice("wait", "adaptive", "spin", "yield", "block", "adaptive")
                .text("typeHash", "", Pattern.compile("[1-9a-f][0-9a-f]{0,15}"),
                        "a hash of 1 to 16 hexadecimal digits, the first not 0");
    }

    /**
     * Adds (or replaces) an option with named values.
     *
     * @param name the option
     * @param byDefault its default
     * @param allowed its values
     * @return this
     */
    public Options choice(String name, String byDefault, String... allowed) {
        List<String> values = List.of(allowed);
        return add(name, String.join(" | ", allowed), byDefault, value -> values.contains(value) ? value : null);
    }

    /**
     * Adds (or replaces) an option that is true or false.
     *
     * @param name the option
     * @param byDefault its default
     * @return this
     */
    public Options flag(String name, boolean byDefault) {
        return add(name, "true | false", byDefault,
                value -> "true".equals(value) ? Boolean.TRUE : "false".equals(value) ? Boolean.FALSE : null);
    }

    /**
     * Adds (or replaces) an option that is a number or size; values may end in k, m or g (1024, 1024², 1024³).
     *
     * @param name the option
     * @param byDefault its default
     * @param least its smallest value
     * @param most its largest value
     * @return this
     */
    public Options size(String name, long byDefault, long least, long most) {
        return add(name, least + " to " + most + ", also with k, m or g", byDefault, value -> {
            Matcher matcher = SIZE.matcher(value);
            if (!matcher.matches()) {
                return null;
            }
            int shift = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
                case "k" -> 10;
                case "m" -> 20;
                case "g" -> 30;
                default -> 0;
            };
            long number = Long.parseLong(matcher.group(1));
            if (number > (Long.MAX_VALUE >> shift)) {
                return null;
            }
            number <<= shift;
            return number < least || number > most ? null : Long.valueOf(number);
        });
    }

    /**
     * Adds (or replaces) an option that is a time, such as {@code 500ms}, {@code 10s}, {@code 2m} or {@code 50us}.
     *
     * @param name the option
     * @param byDefault its default
     * @return this
     */
    public Options duration(String name, Duration byDefault) {
        return add(name, "a number followed by us, ms, s or m", byDefault, value -> {
            Matcher matcher = DURATION.matcher(value);
            if (!matcher.matches()) {
                return null;
            }
            long number = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "us" -> Duration.ofNanos(number * 1000);
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                default -> Duration.ofMinutes(number);
            };
        });
    }

    /**
     * Adds (or replaces) an option that is free text.
     *
     * @param name the option
     * @param byDefault its default
     * @param pattern what it must match
     * @param allowed the pattern in words
     * @return this
     */
    public Options text(String name, String byDefault, Pattern pattern, String allowed) {
        return add(name, allowed, byDefault, value -> pattern.matcher(value).matches() ? value : null);
    }

    /**
     * Refuses an option by name.
     *
     * @param name the option
     * @param reason why, and what to do instead
     * @return this
     */
    public Options refuse(String name, String reason) {
        specs.remove(name);
        refused.put(name, reason);
        return this;
    }

    private Options add(String name, String allowed, Object byDefault, Reader reader) {
        refused.remove(name);
        specs.put(name, new Spec(allowed, byDefault, reader));
        return this;
    }

    /**
     * Reads an address's options.
     *
     * @param address the address
     * @return a value for each option known
     * @throws IllegalArgumentException if an option is unknown, refused or has a bad value; the message lists what is
     *     allowed
     */
    public OptionValues check(Address address) {
        Map<String, Object> values = new LinkedHashMap<>();
        specs.forEach((name, spec) -> values.put(name, spec.byDefault));
        address.options().forEach((name, value) -> {
            if (refused.containsKey(name)) {
                throw new IllegalArgumentException("option " + name + "=" + value + " does not go with "
                        + address.scheme() + ": " + refused.get(name));
            }
            Spec spec = specs.get(name);
            if (spec == null) {
                throw new IllegalArgumentException("option \"" + name + "\" is unknown to " + address.scheme()
                        + ":, which knows " + String.join(", ", specs.keySet())
                        + (refused.isEmpty() ? "" : "; of no use here are " + String.join(", ", refused.keySet())));
            }
            Object read = spec.reader.read(value);
            if (read == null) {
                throw new IllegalArgumentException("option " + name + "=" + value + " of " + address.scheme()
                        + ": is not allowed; allowed is " + spec.allowed);
            }
            values.put(name, read);
        });
        return new OptionValues(values, address.options().keySet());
    }
}
