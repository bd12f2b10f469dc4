package org.jvmipc.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;

/**
 * The directory {@code app} of {@code docs/containers.md}: the first demo and what it needs, as jars. The demo is
 * compiled here, as the tests in containers are to be run without building all that the demos stand on.
 */
final class Application {

    private static final Path SOURCES = Path.of(System.getProperty("jvmipc.build.dir"))
            .resolve("../../demos/src/main/java/org/jvmipc/demos/hello").normalize();

    private Application() {
    }

    /** Makes it, for any user to read. */
    static Path in(Path directory) throws IOException {
        Path classes = Files.createDirectories(directory.resolve("classes"));
        Path app = Files.createDirectories(directory.resolve("app"));
        List<String> arguments = new ArrayList<>(List.of("--release", "17", "-d", classes.toString(), "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        for (String source : List.of("HelloReceiver.java", "HelloSender.java")) {
            arguments.add(SOURCES.resolve(source).toString());
        }
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)));
        pack(classes, app.resolve("hello.jar"));
        for (String entry : arguments.get(arguments.indexOf("-cp") + 1).split(File.pathSeparator)) {
            Path path = Path.of(entry).toAbsolutePath();
            if (Files.isDirectory(path) && !entry.contains("test-classes")) {
                pack(path, app.resolve(path.getParent().getParent().getFileName() + ".jar"));
            } else if (entry.contains("/jnr/") || entry.contains("/ow2/asm/") || entry.contains("/org/jvmipc/")) {
                Files.copy(path, app.resolve(path.getFileName()));
            }
        }
        for (Path open : List.of(directory, app)) {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return app;
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (Stream<Path> files = Files.walk(classes); OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            for (Path path : files.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new ZipEntry(classes.relativize(path).toString()));
                Files.copy(path, out);
                out.closeEntry();
            }
        }
    }
}
