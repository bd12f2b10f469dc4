package org.jvmipc.cli.soak;

import java.nio.file.Path;

/**
 * From the making of all channels to their end. All that its processes must know, as one line of text.
 *
 * @param number counts the rounds from 1
 * @param directory where files, logs among them, are
 * @param prefix what names of shared objects begin with
 * @param key for what has a key instead of a name
 */
record Round(int number, Path directory, String prefix, int key) {
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

    /** Where one life of a process logs what it does on a channel. */
    Path log(Route route, char role, int life) {
        return path(route + "." + role + "." + life + ".log");
    }
}
