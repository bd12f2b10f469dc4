package org.jvmipc.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Open descriptors of this process, told apart by what they refer to: numbers are used again at once. */
final class DescriptorCheck implements DebrisCheck {

    /** Opened by the JVM when it pleases: jars and modules, random numbers, what it looks up about the machine. */
    private static final Pattern OF_THE_JVM =
            Pattern.compile(".*\\.(jar|jmod|jsa|so)|.*/lib/modules|/(proc|sys)/.*|/dev/(u?random|null|tty)");

    static {
        // The first channel of a JVM opens a socket that stays for good. It would be taken for debris of that test.
        try {
            Pipe pipe = Pipe.open();
            pipe.source().close();
            pipe.sink().close();
            FileChannel.open(Path.of("/proc/self/stat")).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final String prefix;
    private final List<String> before = ProcFs.descriptors();

    DescriptorCheck(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public DebrisKind kind() {
        return DebrisKind.DESCRIPTOR;
    }

    @Override
    public List<String> leftovers() {
        return DebrisCheck.added(before, ProcFs.descriptors(),
                target -> !OF_THE_JVM.matcher(target).matches() && !Registry.isOwn(target, prefix));
    }

    @Override
    public void remove() {
        // Closing a number under the object that owns it would break whoever gets the number next.
    }
}
