package org.jvmipc.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * An image that holds the JVM which runs the tests, the libraries that it loads, and nothing else: no shell, no
 * packages, nothing from a registry. For Linux with the GNU C library.
 */
final class JvmImage {

    /** Where the JVM is in the image. */
    static final String JAVA_HOME = "/opt/java";

    /** To be changed with what is in the image, so that an older one is not taken for it. */
    private static final int RECIPE = 1;
    private static final int BUILD_MINUTES = 3;
    private static final int EXECUTABLE = 0100755;
    private static final int PLAIN = 0100644;
    private static final int FOR_ALL = 0041777;
    private static final Set<String> NOT_NEEDED = Set.of("jmods", "docs", "man", "legal", "demo", "include");
    /** They ask for libraries of the desktop. */
    private static final Pattern DESKTOP =
            Pattern.compile("lib(awt_xawt|jawt|jsound|splashscreen|fontmanager|atk-wrapper|j2pcsc)\\.so");
    /** What ldd prints: a name and where it was found, or a path alone. */
    private static final Pattern FOUND = Pattern.compile("(?:=> |^\\s+)(/\\S+) \\(0x");
    /** Asked for by name at run time, by the C library itself or by native parts that jars bring. */
    private static final List<String> BESIDE_LIBC = List.of("libdl.so.2", "libpthread.so.0", "librt.so.1",
            "libnss_files.so.2", "libresolv.so.2");
    private static final String DOCKERFILE = "FROM scratch\nCOPY root/ /\nENV JAVA_HOME=" + JAVA_HOME + " PATH="
            + JAVA_HOME + "/bin LANG=C.UTF-8\nLABEL " + Engine.LABEL + "=true\n";

    private final DockerClient client;
    private final Path java = Path.of(System.getProperty("java.home"));

    JvmImage(DockerClient client) {
        this.client = client;
    }

    /** Returns its name. */
    String buildIfMissing() {
        String name = "jvmipc-test-jvm:" + RECIPE + "-"
                + System.getProperty("java.runtime.version").replaceAll("[^A-Za-z0-9_.-]", "_");
        try {
            client.inspectImageCmd(name).exec();
        } catch (NotFoundException e) {
            build(name);
        }
        return name;
    }

    private void build(String name) {
        AtomicReference<Throwable> problem = new AtomicReference<>();
        try (PipedInputStream in = new PipedInputStream(1 << 20)) {
            OutputStream out = new PipedOutputStream(in);
            Thread writer = new Thread(() -> {
                try (out) {
                    write(new BufferedOutputStream(out, 1 << 16));
                } catch (IOException | RuntimeException e) {
                    problem.set(e);
                }
            }, "image-writer");
            writer.setDaemon(true); // it stays blocked if the engine stops reading
            writer.start();
            client.buildImageCmd(in).withTags(Set.of(name)).start().awaitImageId(BUILD_MINUTES, TimeUnit.MINUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            if (problem.get() != null) {
                e.addSuppressed(problem.get());
            }
            throw e;
        }
        if (problem.get() != null) {
            throw new IllegalStateException("the image " + name + " was not written as a whole", problem.get());
        }
    }

    private void write(OutputStream out) throws IOException {
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            text(tar, "Dockerfile", DOCKERFILE);
            text(tar, "root/etc/passwd", "root:x:0:0::/tmp:/bin/false\nuser:x:1000:1000::/tmp:/bin/false\n");
            text(tar, "root/etc/group", "root:x:0:\nuser:x:1000:\n");
            text(tar, "root/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
            TarArchiveEntry tmp = new TarArchiveEntry("root/tmp/");
            tmp.setMode(FOR_ALL);
            tar.putArchiveEntry(tmp);
            tar.closeArchiveEntry();
            List<Path> binaries = new ArrayList<>();
            for (Path file : filesOfTheJdk()) {
                file(tar, "root" + JAVA_HOME + "/" + java.relativize(file), file);
                if (file.toString().endsWith(".so") || file.endsWith("bin/java")) {
                    binaries.add(file);
                }
            }
            for (Path library : librariesOf(binaries)) {
                file(tar, "root" + library, library);
            }
        }
    }

    private List<Path> filesOfTheJdk() throws IOException {
        // The JDKs of Debian are full of links to /etc.
        try (Stream<Path> files = Files.walk(java, FileVisitOption.FOLLOW_LINKS)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !NOT_NEEDED.contains(java.relativize(file).getName(0).toString()))
                    .filter(file -> !file.toString().endsWith(".debuginfo") && !file.endsWith("lib/src.zip"))
                    .filter(Files::isReadable).sorted().toList();
        }
    }

    private Set<Path> librariesOf(List<Path> binaries) throws IOException {
        List<String> command = new ArrayList<>(List.of("ldd"));
        binaries.stream().filter(file -> !DESKTOP.matcher(file.getFileName().toString()).matches())
                .forEach(file -> command.add(file.toString()));
        Process ldd = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Set<Path> libraries = new TreeSet<>();
        for (String line : output.split("\n")) {
            Matcher found = FOUND.matcher(line);
            if (found.find() && !found.group(1).startsWith(java.toRealPath() + "/")
                    && !found.group(1).startsWith(java + "/")) {
                libraries.add(Path.of(found.group(1)));
            }
        }
        Path libc = libraries.stream().filter(file -> file.endsWith("libc.so.6")).findFirst()
                .orElseThrow(() -> new IllegalStateException("ldd found no C library:\n" + output));
        BESIDE_LIBC.stream().map(libc::resolveSibling).filter(Files::exists).forEach(libraries::add);
        return libraries;
    }

    private static void text(TarArchiveOutputStream tar, String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(PLAIN);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static void file(TarArchiveOutputStream tar, String name, Path file) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(Files.isExecutable(file) ? EXECUTABLE : PLAIN);
        entry.setSize(Files.size(file));
        tar.putArchiveEntry(entry);
        Files.copy(file, tar);
        tar.closeArchiveEntry();
    }
}
