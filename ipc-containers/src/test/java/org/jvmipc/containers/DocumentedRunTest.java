package org.jvmipc.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.jvmipc.containers.DocumentedFiles.at;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code docs/containers} describes is started as it is described there, with the JVM of the tests: the compose
 * file by the program it is for, where there is one, and in any case without it; the Pod by the engine, as a cluster
 * would have it done.
 */
@ContainerTest
final class DocumentedRunTest {

    private static final List<String> MESSAGES = List.of("message 1", "message 2", "message 3");
    private static final int SECONDS = 60;
    private static final int MEGABYTES = 64;

    @TempDir
    private static Path directory;
    private static Path app;

    @BeforeAll
    static void makeTheApplication() throws IOException {
        app = Application.in(directory);
    }

    private static Map<String, String> variables() {
        return Map.of("JVM_IMAGE", Engine.image(), "APP", app.toString());
    }

    @Test
    void shouldRunTheComposeFile() throws IOException {
        ComposeFile compose = new ComposeFile(DocumentedFiles.DIRECTORY.resolve("compose.yaml"), variables());
        try (Volumes volumes = new Volumes()) {
            compose.make(volumes);
            try (JvmContainer sender = compose.start("sender"); JvmContainer receiver = compose.start("receiver")) {
                assertEquals(MESSAGES, receiver.outputOfSuccess().lines().toList());
                assertEquals("", sender.outputOfSuccess());
            }
        }
    }

    /** With {@code docker compose} or {@code docker-compose}, if this machine has one of them. */
    @Test
    void shouldRunTheComposeFileByItsProgram() throws IOException, InterruptedException {
        Optional<List<String>> program = composeProgram();
        if (program.isEmpty()) {
            System.out.println("docker compose is not on this machine: the compose file is run without it");
            return;
        }
        // So that containers of a killed run are known by their label.
        Path labels = Files.writeString(directory.resolve("labels.yaml"), "services:\n  receiver: &all\n    labels:\n"
                + "      " + Engine.LABEL + ": \"true\"\n  sender: *all\n");
        List<String> command = new ArrayList<>(program.get());
        command.addAll(List.of("-p", "jvmipc" + ProcessHandle.current().pid(), "-f",
                DocumentedFiles.DIRECTORY.resolve("compose.yaml").toString(), "-f", labels.toString()));
        try {
            String output = run(command, "up", "--no-color");
            for (String message : MESSAGES) {
                assertTrue(output.lines().anyMatch(line -> line.startsWith("receiver") && line.endsWith(message)),
                        output);
            }
            assertEquals(2, output.lines().filter(line -> line.endsWith("exited with code 0")).count(), output);
        } finally {
            run(command, "down", "-v", "-t", "1");
        }
    }

    private static Optional<List<String>> composeProgram() throws InterruptedException {
        for (List<String> program : List.of(List.of("docker", "compose"), List.of("docker-compose"))) {
            try {
                List<String> version = new ArrayList<>(program);
                version.add("version");
                if (new ProcessBuilder(version).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0) {
                    return Optional.of(program);
                }
            } catch (IOException e) {
                // there is no such program
            }
        }
        return Optional.empty();
    }

    private static String run(List<String> program, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(words));
        Path log = Files.createTempFile(directory, "compose", ".log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(variables());
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
            String output = Files.readString(log, StandardCharsets.UTF_8);
            assertTrue(ended, output);
            assertEquals(0, process.exitValue(), output);
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    /** With a file system in memory for each of its volumes, which all its containers share. */
    @Test
    void shouldRunThePod() throws IOException {
        Map<?, ?> pod = DocumentedFiles.read("kubernetes.yaml");
        try (Volumes volumes = new Volumes()) {
            Map<String, String> names = new HashMap<>();
            for (Object volume : (List<?>) at(pod, "spec", "volumes")) {
                Object limit = at(volume, "emptyDir", "sizeLimit");
                names.put("" + at(volume, "name"), volumes.inMemory(limit == null ? MEGABYTES : megabytes(limit)));
            }
            try (JvmContainer sender = start(pod, 1, names); JvmContainer receiver = start(pod, 0, names)) {
                assertEquals(MESSAGES, receiver.outputOfSuccess().lines().toList());
                assertEquals("", sender.outputOfSuccess());
            }
        }
    }

    private static JvmContainer start(Map<?, ?> pod, int index, Map<String, String> volumes) {
        Map<?, ?> container = (Map<?, ?>) at(pod, "spec", "containers", index);
        Object user = at(pod, "spec", "securityContext");
        ContainerSpec spec = new ContainerSpec().directory(app, "/app")
                .user(at(user, "runAsUser") + ":" + at(user, "runAsGroup"))
                .milliCpus(1000 * Integer.parseInt("" + at(container, "resources", "limits", "cpu")))
                .memoryMegabytes(megabytes(at(container, "resources", "limits", "memory")));
        if (Boolean.TRUE.equals(at(container, "securityContext", "readOnlyRootFilesystem"))) {
            spec.readOnlyRoot();
        }
        for (Object mount : (List<?>) container.get("volumeMounts")) {
            spec.volume(volumes.get(at(mount, "name")), "" + at(mount, "mountPath"));
        }
        List<String> command = ((List<?>) container.get("command")).stream().map(Object::toString).toList();
        return spec.start("" + container.get("name"), command);
    }

    private static int megabytes(Object quantity) {
        String text = quantity.toString();
        assertTrue(text.endsWith("Mi"), text);
        return Integer.parseInt(text.substring(0, text.length() - 2));
    }
}
