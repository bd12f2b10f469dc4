package org.jvmipc.cli.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** What is read of a machine: files below some root, the environment, the properties of the JVM. */
public final class Machine {
    private static final int CHUNK = 1 << 16;

    private final Path root;
    private final Map<String, String> environment;
    private final Properties properties;

    /**
     * Describes where to read.
     *
     * @param root what stands for the root directory
     * @param environment the variables
     * @param properties of the JVM
     */
    public Machine(Path root, Map<String, String> environment, Properties properties) {
        this.root = root;
        this.environment = Map.copyOf(environment);
        this.properties = properties;
    }

    /** A mounted file system. */
    record Mount(String type, String options) {
        boolean has(String option) {
            return ("," + options + ",").contains("," + option + ",");
        }
    }

    private Path path(String path) {
        return root.resolve(path.substring(1));
    }

    boolean exists(String path) {
        return Files.exists(path(path));
    }

    boolean isDirectory(String path) {
        return Files.isDirectory(path(path));
    }

    /** The text of a file, empty if there is none or it cannot be read. */
    String text(String path) {
        // Files of /proc/sys give all at the first read and nothing at the next.
        byte[] buffer = new byte[CHUNK];
        StringBuilder text = new StringBuilder();
        try (InputStream in = Files.newInputStream(path(path))) {
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                text.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
            }
            return text.toString();
        } catch (IOException | RuntimeException hidden) {
            return "";
        }
    }

    /** The files in a directory, in no order. */
    List<String> files(String directory) {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path(directory))) {
            files.forEach(file -> found.add(directory + "/" + file.getFileName()));
        } catch (IOException | RuntimeException none) {
            return found;
        }
        return found;
    }

    /** A number that stands alone in a file; -1 if it does not. */
    long number(String path) {
        try {
            return Long.parseLong(text(path).trim().split("\\s+")[0]);
        } catch (NumberFormatException none) {
            return -1;
        }
    }

    /** Where a link points to; empty if it is none. */
    String link(String path) {
        try {
            return Files.readSymbolicLink(path(path)).toString();
        } catch (IOException | RuntimeException none) {
            return "";
        }
    }

    /** What is mounted at a path, or what it lies on. */
    Optional<Mount> mount(String path) {
        String best = "";
        Mount found = null;
        for (String line : text("/proc/mounts").split("\n")) {
            String[] field = line.split(" ");
            if (field.length < 4) {
                continue;
            }
            String at = field[1];
            boolean above = at.equals("/") || path.equals(at) || path.startsWith(at + "/");
            if (above && at.length() >= best.length()) {
                best = at;
                found = new Mount(field[2], field[3]);
            }
        }
        return Optional.ofNullable(found);
    }

    /** Where a file system of a type is mounted. */
    Optional<String> mounted(String type) {
        for (String line : text("/proc/mounts").split("\n")) {
            String[] field = line.split(" ");
            if (field.length >= 4 && field[2].equals(type)) {
                return Optional.of(field[1]);
            }
        }
        return Optional.empty();
    }

    /** The size of a file system and what is free of it; empty if that cannot be told. */
    Optional<long[]> space(String path) {
        try {
            FileStore store = Files.getFileStore(path(path));
            return Optional.of(new long[] {store.getTotalSpace(), store.getUsableSpace()});
        } catch (IOException | RuntimeException hidden) {
            return Optional.empty();
        }
    }

    /** A limit of this process, as {@code /proc/self/limits} names it; -1 if unlimited, -2 if unknown. */
    long limit(String name) {
        for (String line : text("/proc/self/limits").split("\n")) {
            if (line.startsWith(name + " ")) {
                String soft = line.substring(name.length()).trim().split("\\s+")[0];
                return soft.equals("unlimited") ? -1 : Long.parseLong(soft);
            }
        }
        return -2;
    }

    String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    String property(String name) {
        return properties.getProperty(name, "");
    }
}
