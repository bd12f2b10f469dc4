package org.jvmipc;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a channel is: {@code scheme:name?option=value&option=value}. Immutable. Which names and options a scheme knows
 * is checked when the address is opened, before any file is touched.
 *
 * <p>Example: {@code Address.of("shm", "orders").with("ring", "spsc").with("capacity", "1m")} is the same as
 * {@code Address.parse("shm:orders?ring=spsc&capacity=1m")}.
 */
public final class Address {
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9]{0,15}");
    private static final Pattern OPTION = Pattern.compile("[a-zA-Z][a-zA-Z0-9]{0,31}");

    private final String scheme;
    private final String name;
    private final Map<String, String> options;

    private Address(String scheme, String name, Map<String, String> options) {
        this.scheme = scheme;
        this.name = name;
        this.options = options;
    }

    /**
     * Reads an address.
     *
     * @param text {@code scheme:name?option=value&…}
     * @return the address
     * @throws IllegalArgumentException if the text is none
     */
    public static Address parse(String text) {
        Objects.requireNonNull(text, "address");
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("\"" + text + "\" is no address; write scheme:name?option=value&…");
        }
        int question = text.indexOf('?', colon);
        String name = question < 0 ? text.substring(colon + 1) : text.substring(colon + 1, question);
        Address address = of(text.substring(0, colon), name);
        if (question >= 0) {
            for (String pair : text.substring(question + 1).split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals < 0) {
                    throw new IllegalArgumentException(
                            "\"" + pair + "\" in \"" + text + "\" is no option; write option=value");
                }
                String option = pair.substring(0, equals);
                if (address.options.containsKey(option)) {
                    throw new IllegalArgumentException("option \"" + option + "\" stands twice in \"" + text + "\"");
                }
                address = address.with(option, pair.substring(equals + 1));
            }
        }
        return address;
    }

    /**
     * An address without options.
     *
     * @param scheme the transport's scheme, such as {@code shm}
     * @param name the channel's name, possibly empty
     * @return the address
     * @throws IllegalArgumentException if the scheme or name is none
     */
    public static Address of(String scheme, String name) {
        if (!SCHEME.matcher(scheme).matches()) {
            throw new IllegalArgumentException(
                    "\"" + scheme + "\" is no scheme; it is 1 to 16 lower-case letters and digits, such as shm");
        }
        if (name.indexOf('\0') >= 0 || name.indexOf('?') >= 0) {
            throw new IllegalArgumentException("a name must not contain ? or the NUL character: \""
                    + name.replace('\0', '\u2400') + "\"");
        }
        return new Address(scheme, name, Map.of());
    }

    /**
     * This address with one more option, or another value of it.
     *
     * @param option the option's name
     * @param value its value, as {@link Object#toString} gives it
     * @return another address
     * @throws IllegalArgumentException if name or value cannot stand in an address
     */
    public Address with(String option, Object value) {
        String text = String.valueOf(value);
        if (!OPTION.matcher(option).matches()) {
            throw new IllegalArgumentException("\"" + option + "\" is no option name; write option=value");
        }
        if (text.isEmpty() || text.indexOf('&') >= 0 || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "the value \"" + text + "\" of option \"" + option + "\" is empty or contains & or NUL");
        }
        Map<String, String> more = new LinkedHashMap<>(options);
        more.put(option, text);
        return new Address(scheme, name, Collections.unmodifiableMap(more));
    }

    /**
     * This address without an option.
     *
     * @param option the option's name
     * @return another address, or this one if it has no such option
     */
    public Address without(String option) {
        if (!options.containsKey(option)) {
            return this;
        }
        Map<String, String> less = new LinkedHashMap<>(options);
        less.remove(option);
        return new Address(scheme, name, Collections.unmodifiableMap(less));
    }

    /**
     * The same scheme and options with another name.
     *
     * @param newName the other name
     * @return another address
     * @throws IllegalArgumentException if it is no name
     */
    public Address withName(String newName) {
        return new Address(scheme, of(scheme, newName).name, options);
    }

    /**
     * The scheme.
     *
     * @return such as {@code shm}
     */
    public String scheme() {
        return scheme;
    }

    /**
     * The name.
     *
     * @return what stands between the colon and the question mark
     */
    public String name() {
        return name;
    }

    /**
     * The options that were given.
     *
     * @return names and values in the order given
     */
    public Map<String, String> options() {
        return options;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Address that
                && scheme.equals(that.scheme) && name.equals(that.name) && options.equals(that.options);
    }

    @Override
    public int hashCode() {
        return Objects.hash(scheme, name, options);
    }

    @Override
    public String toString() {
        String base = scheme + ":" + name;
        return options.isEmpty() ? base : base + options.entrySet().stream()
                .map(option -> option.getKey() + "=" + option.getValue())
                .collect(Collectors.joining("&", "?", ""));
    }
}
