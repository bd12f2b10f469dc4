package org.jvmipc.testkit.contract;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jvmipc.Address;
import org.jvmipc.testkit.IpcScope;

/**
 * A scheme with certain options, as the contract sees it. Immutable: each method that adds something gives another one.
 *
 * <pre>{@code
 * private static final ContractSubject RING = ContractSubject
 *         .of("shm", Trait.HOLDS, Trait.BOUNDED, Trait.TRANSFERS)
 *         .small(address -> address.with("capacity", "64k"))
 *         .badName("shm:a/b");
 * }</pre>
 */
public final class ContractSubject {
    private static final int SOME_LIMIT = 64 << 10;

    private final String scheme;
    private final Set<Trait> traits;
    private final BiFunction<IpcScope, String, Address> naming;
    private final Forms forms;
    private final List<String> badNames;
    private final List<String> blocked;

    /** What is added to addresses for certain tests. */
    private record Forms(UnaryOperator<Address> small, UnaryOperator<Address> limited,
            UnaryOperator<Address> differing) {
    }

    private ContractSubject(String scheme, Set<Trait> traits, BiFunction<IpcScope, String, Address> naming, Forms forms,
            List<String> badNames, List<String> blocked) {
        this.scheme = scheme;
        this.traits = traits;
        this.naming = naming;
        this.forms = forms;
        this.badNames = badNames;
        this.blocked = blocked;
    }

    /**
     * A scheme without options, with names as {@link IpcScope#address} makes them, and with {@code maxMessage} to limit
     * messages.
     *
     * @param scheme the scheme
     * @param traits what it can do
     * @return the subject
     */
    public static ContractSubject of(String scheme, Trait... traits) {
        Set<Trait> set = EnumSet.noneOf(Trait.class);
        set.addAll(List.of(traits));
        return new ContractSubject(scheme, set, (scope, name) -> Address.parse(scope.address(scheme, name)),
                new Forms(UnaryOperator.identity(), address -> address.with("maxMessage", SOME_LIMIT), null), List.of(),
                List.of());
    }

    /**
     * Makes addresses in another way.
     *
     * @param how from a test's scope, and a name that is new in that test, to an address
     * @return another subject
     */
    public ContractSubject naming(BiFunction<IpcScope, String, Address> how) {
        return new ContractSubject(scheme, traits, Objects.requireNonNull(how, "how"), forms,
                badNames, blocked);
    }

    /**
     * Adds options to all addresses.
     *
     * @param how adds them
     * @return another subject
     */
    public ContractSubject with(UnaryOperator<Address> how) {
        return naming((scope, name) -> how.apply(naming.apply(scope, name)));
    }

    /**
     * Makes a channel that is soon full.
     *
     * @param how adds the options to an address
     * @return another subject
     */
    public ContractSubject small(UnaryOperator<Address> how) {
        return new ContractSubject(scheme, traits, naming, new Forms(Objects.requireNonNull(how, "how"), forms.limited,
                forms.differing), badNames, blocked);
    }

    /**
     * Makes a channel whose largest message has at most some MiB, so that a test can make a larger one.
     *
     * @param how adds the options to an address
     * @return another subject
     */
    public ContractSubject limited(UnaryOperator<Address> how) {
        return new ContractSubject(scheme, traits, naming, new Forms(forms.small,
                Objects.requireNonNull(how, "how"), forms.differing), badNames, blocked);
    }

    /**
     * Says which options cannot be attached to a channel that was created without them.
     *
     * @param how adds the options to an address
     * @return another subject
     */
    public ContractSubject differing(UnaryOperator<Address> how) {
        return new ContractSubject(scheme, traits, naming, new Forms(forms.small, forms.limited,
                Objects.requireNonNull(how, "how")), badNames, blocked);
    }

    /**
     * Adds an address whose name the scheme refuses.
     *
     * @param address the address
     * @return another subject
     */
    public ContractSubject badName(String address) {
        List<String> more = new java.util.ArrayList<>(badNames);
        more.add(address);
        return new ContractSubject(scheme, traits, naming, forms, List.copyOf(more), blocked);
    }

    /**
     * Has the other processes of the contract start with signals blocked, see {@code ChildJvmBuilder.blockSignals}.
     *
     * @param signals names without SIG, such as {@code RTMIN+1}
     * @return another subject
     */
    public ContractSubject blocking(String... signals) {
        return new ContractSubject(scheme, traits, naming, forms, badNames, List.of(signals));
    }

    /**
     * The same with other traits.
     *
     * @param more what it can do besides
     * @return another subject
     */
    public ContractSubject plus(Trait... more) {
        Set<Trait> set = EnumSet.copyOf(traits);
        set.addAll(List.of(more));
        return new ContractSubject(scheme, set, naming, forms, badNames, blocked);
    }

    /**
     * The same without some traits.
     *
     * @param less what it cannot do
     * @return another subject
     */
    public ContractSubject minus(Trait... less) {
        Set<Trait> set = EnumSet.copyOf(traits);
        set.removeAll(List.of(less));
        return new ContractSubject(scheme, set, naming, forms, badNames, blocked);
    }

    String scheme() {
        return scheme;
    }

    boolean has(Trait trait) {
        return traits.contains(trait);
    }

    Address address(IpcScope scope, String name) {
        return naming.apply(scope, name);
    }

    Address small(Address address) {
        return forms.small.apply(address);
    }

    Address limited(Address address) {
        return forms.limited.apply(address);
    }

    /** Null if the channel has no geometry. */
    Address differing(Address address) {
        return forms.differing == null ? null : forms.differing.apply(address);
    }

    List<String> badNames() {
        return badNames;
    }

    @Override
    public String toString() {
        return scheme + ": " + traits;
    }

    /** What other processes start with blocked. */
    String[] blocked() {
        return blocked.toArray(new String[0]);
    }
}
