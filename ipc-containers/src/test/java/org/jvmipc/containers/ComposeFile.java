package org.jvmipc.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A compose file, of which services and volumes are made without the program that it is for. What it does not know it
 * refuses, so that nothing of the file is passed over.
 */
final class ComposeFile {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+):-([^}]*)}");
    private static final Set<String> TOP = Set.of("services", "volumes", "x-jvm");
    private static final Set<String> SERVICE = Set.of("image", "user", "read_only", "volumes", "tmpfs", "command");

    private final Map<?, ?> root;
    private final Map<String, String> volumes = new HashMap<>();

    /**
     * Reads one.
     *
     * @param file where it is
     * @param variables what stands for <code>${NAME:-otherwise}</code>
     */
    ComposeFile(Path file, Map<String, String> variables) throws IOException {
        root = DocumentedFiles.parse(VARIABLE.matcher(Files.readString(file))
                .replaceAll(found -> variables.getOrDefault(found.group(1), found.group(2))));
        known(root, TOP);
    }

    private static Map<?, ?> known(Object node, Set<String> fields) {
        Map<?, ?> map = (Map<?, ?>) node;
        for (Object field : map.keySet()) {
            if (!fields.contains(field)) {
                throw new IllegalArgumentException(field + " is none of " + fields + " in " + map);
            }
        }
        return map;
    }

    /** Makes the volumes that it names. */
    void make(Volumes target) {
        for (Map.Entry<?, ?> volume : ((Map<?, ?>) root.get("volumes")).entrySet()) {
            Map<?, ?> description = known(volume.getValue(), Set.of("driver", "driver_opts"));
            if (!"local".equals(description.get("driver"))) {
                throw new IllegalArgumentException("driver of " + volume);
            }
            Map<String, String> options = new TreeMap<>();
            ((Map<?, ?>) description.get("driver_opts")).forEach((name, value) -> options.put("" + name, "" + value));
            volumes.put("" + volume.getKey(), target.local(options));
        }
    }

    /** Starts a service; the image must be the one of the tests. */
    JvmContainer start(String name) {
        Map<?, ?> service = known(DocumentedFiles.at(root, "services", name), SERVICE);
        if (!Engine.image().equals(service.get("image"))) {
            throw new IllegalArgumentException("image " + service.get("image"));
        }
        ContainerSpec spec = new ContainerSpec().user("" + service.get("user"));
        if (Boolean.TRUE.equals(service.get("read_only"))) {
            spec.readOnlyRoot();
        }
        for (Object mount : (List<?>) service.get("volumes")) {
            mount((Map<?, ?>) mount, spec);
        }
        for (Object entry : (List<?>) service.get("tmpfs")) {
            String[] pathAndOptions = entry.toString().split(":", 2);
            spec.tmpfs(pathAndOptions[0], pathAndOptions[1]);
        }
        List<String> command = new ArrayList<>();
        ((List<?>) service.get("command")).forEach(word -> command.add(word.toString()));
        return spec.start(name, command);
    }

    private void mount(Map<?, ?> mount, ContainerSpec spec) {
        String target = mount.get("target").toString();
        if ("bind".equals(mount.get("type")) && Boolean.TRUE.equals(mount.get("read_only"))) {
            known(mount, Set.of("type", "source", "target", "read_only"));
            spec.directory(Path.of(mount.get("source").toString()), target);
        } else if ("volume".equals(mount.get("type"))
                && Boolean.TRUE.equals(DocumentedFiles.at(mount, "volume", "nocopy"))) {
            known(mount, Set.of("type", "source", "target", "volume"));
            spec.volume(volumes.get(mount.get("source")), target);
        } else {
            throw new IllegalArgumentException("mount " + mount);
        }
    }
}
