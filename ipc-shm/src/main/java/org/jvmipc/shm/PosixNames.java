package org.jvmipc.shm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jvmipc.posix.ProcessIdentity;

/** Names of segments in {@code /dev/shm}. */
final class PosixNames {
    static final Path DIRECTORY = Path.of("/dev/shm");

    /** Tools that only look need none, and would pay for it at their start. */
    private static final class Form {
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");
    }

    private PosixNames() {
    }

    /** What the names of all files of this user's segments begin with. */
    static String prefix() {
        return "jvmipc-" + ProcessIdentity.effectiveUid() + "-";
    }

    static String check(String name) {
        if (!Form.NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("\"" + name + "\" is no name of a segment, which has 1 to 100 "
                    + "of A-Z a-z 0-9 . _ - and no dot in front");
        }
        return name;
    }

    static Path path(String name) {
        check(name);
        if (!Files.isDirectory(DIRECTORY)) {
            throw new UnsupportedOperationException("shared memory needs a tmpfs at " + DIRECTORY
                    + ", which Linux has; elsewhere use SharedSegment.file in a directory of your choice");
        }
        return DIRECTORY.resolve(prefix() + name);
    }
}
