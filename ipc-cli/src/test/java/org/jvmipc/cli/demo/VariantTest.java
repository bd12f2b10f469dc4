package org.jvmipc.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.jvmipc.Ipc;

class VariantTest {
    @Test
    void everySchemeBetweenProcessesHasRowsForBothFramings() {
        Set<String> wanted = new TreeSet<>(Variant.schemes());
        wanted.remove("mem");
        // On the class path of the tests alone, and its messages have room for four bytes only.
        wanted.remove("signal");
        for (boolean stream : new boolean[] {false, true}) {
            Set<String> shown = Variant.present().stream().filter(variant -> variant.stream() == stream)
                    .map(Variant::scheme).collect(Collectors.toCollection(TreeSet::new));
            assertEquals(wanted, shown);
        }
    }

    @Test
    void addressesAreWhatTheirSchemesAllow() throws IOException {
        Workspace workspace = Workspace.create();
        try {
            for (Variant variant : Variant.present()) {
                String address = variant.address(workspace, "row0-one", 256);
                assertThrows(IllegalArgumentException.class, () -> Ipc.sender(address + nonsense(address)),
                        "an option that is unknown");
            }
        } finally {
            workspace.remove();
        }
    }

    private static String nonsense(String address) {
        return (address.contains("?") ? "&" : "?") + "nonsense=1";
    }
}
