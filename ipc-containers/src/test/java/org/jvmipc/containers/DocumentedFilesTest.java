package org.jvmipc.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files in {@code docs/containers} are YAML and say what the page about them says; they are not run here. */
final class DocumentedFilesTest {

    private static Map<?, ?> read(String name) throws IOException {
        Path file = Path.of(System.getProperty("jvmipc.build.dir")).resolve("../../docs/containers").resolve(name);
        return (Map<?, ?>) new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
    }

    /** Follows names, and numbers of places in lists. */
    private static Object at(Object node, Object... path) {
        Object here = node;
        for (Object step : path) {
            here = here instanceof List<?> list ? list.get((Integer) step) : ((Map<?, ?>) here).get(step);
        }
        return here;
    }

    @Test
    void shouldShareOneDevShmInTheComposeFile() throws IOException {
        Map<?, ?> compose = read("compose.yaml");
        for (String service : List.of("receiver", "sender")) {
            Object shared = at(compose, "services", service, "volumes", 1);
            assertEquals("memory", at(shared, "source"));
            assertEquals("/dev/shm", at(shared, "target"));
            assertEquals(true, at(shared, "volume", "nocopy"));
            assertEquals(true, at(compose, "services", service, "read_only"));
        }
        assertEquals("tmpfs", at(compose, "volumes", "memory", "driver_opts", "type"));
    }

    @Test
    void shouldShareOneDevShmInThePod() throws IOException {
        Map<?, ?> pod = read("kubernetes.yaml");
        assertEquals("Pod", at(pod, "kind"));
        assertEquals("Memory", at(pod, "spec", "volumes", 0, "emptyDir", "medium"));
        Object volume = at(pod, "spec", "volumes", 0, "name");
        List<?> containers = (List<?>) at(pod, "spec", "containers");
        assertEquals(2, containers.size());
        for (Object container : containers) {
            assertEquals(volume, at(container, "volumeMounts", 0, "name"));
            assertEquals("/dev/shm", at(container, "volumeMounts", 0, "mountPath"));
            assertTrue(((List<?>) at(container, "command")).contains("/app/*"));
        }
    }
}
