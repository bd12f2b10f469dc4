package org.jvmipc.cli.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * From the making of all channels to their end. All that its processes must know, as one line of text.
 *
 * @param number counts the rounds from 1
 * @param directory where files, logs among them, are
 * @param prefix what names of shared objects begin with
 * @param key for what has a key instead of a name
 */
record Round(int number, Path directory, String prefix, int key) {
    /** Part of the names of files that tell others where somebody is. */
    static final String WHEREABOUTS = ".address";

    static Round parse(String text) {
        String[] words = text.split(" ");
        return new Round(Integer.parseInt(words[0]), Path.of(words[1]), words[2], Integer.parseInt(words[3]));
    }

    @Override
    public String toString() {
        return number + " " + directory + " " + prefix + " " + key;
    }

    /** The name of something in this round. */
    String name(String what) {
        return prefix + "r" + number + "-" + what;
    }

    Path path(String what) {
        return directory.resolve("r" + number + "-" + what);
    }

    /** Where the last one of a route that others must know has written who it is. */
    private Path whereabouts(Route route) {
        return path(route + WHEREABOUTS);
    }

    /** Writes an address down for those who look for one. */
    void publish(Route route, int life, String address) throws IOException {
        Path draft = path(route + WHEREABOUTS + "." + life);
        Files.writeString(draft, address);
        Files.move(draft, whereabouts(route), StandardCopyOption.ATOMIC_MOVE);
    }

    /** What was written down last, or null if there was nothing yet. */
    String published(Route route) throws IOException {
        Path file = whereabouts(route);
        return Files.exists(file) ? Files.readString(file) : null;
    }

    /** Where one life of a process logs what it does on a channel. */
    Path log(Route route, char role, int life) {
        return path(route + "." + role + "." + life + ".log");
    }
}
