package org.jvmipc.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jvmipc.containers.DocumentedFiles.at;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The files in {@code docs/containers} say what the page about them says; {@link DocumentedRunTest} runs them. */
final class DocumentedFilesTest {

    @Test
    void shouldShareOneDevShmInTheComposeFile() throws IOException {
        Map<?, ?> compose = DocumentedFiles.read("compose.yaml");
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
        Map<?, ?> pod = DocumentedFiles.read("kubernetes.yaml");
        assertEquals(List.of(), Schema.POD.problems(pod, "Manifest"));
        assertEquals("Memory", at(pod, "spec", "volumes", 0, "emptyDir", "medium"));
        List<?> volumes = ((List<?>) at(pod, "spec", "volumes")).stream().map(each -> at(each, "name")).toList();
        List<?> containers = (List<?>) at(pod, "spec", "containers");
        assertEquals(2, containers.size());
        for (Object container : containers) {
            assertEquals(volumes.get(0), at(container, "volumeMounts", 0, "name"));
            assertEquals("/dev/shm", at(container, "volumeMounts", 0, "mountPath"));
            for (Object mount : (List<?>) at(container, "volumeMounts")) {
                assertTrue(volumes.contains(at(mount, "name")), mount::toString);
            }
            assertTrue(((List<?>) at(container, "command")).contains("/app/*"));
        }
    }

    /** The check of the manifest finds what a cluster would refuse. */
    @Test
    void shouldFindMistakesInAManifest() throws IOException {
        String good = Files.readString(DocumentedFiles.DIRECTORY.resolve("kubernetes.yaml"));
        Map<String, String> mistakes = Map.of(
                "sizeLimit: 64Mi", "sizeLimit: 64MiB",
                "medium: Memory", "medium: memory",
                "mountPath: /tmp", "mountpath: /tmp",
                "runAsNonRoot: true", "runAsNonRoot: maybe",
                "restartPolicy: Never", "restartPolicy: never",
                "apiVersion: v1", "apiVersion: v2",
                "kind: Pod\n", "",
                "emptyDir: {}", "emptyDir: []");
        mistakes.forEach((right, wrong) -> {
            assertTrue(good.contains(right), right);
            Map<?, ?> pod = DocumentedFiles.parse(good.replace(right, wrong));
            assertFalse(Schema.POD.problems(pod, "Manifest").isEmpty(), wrong);
        });
    }
}
