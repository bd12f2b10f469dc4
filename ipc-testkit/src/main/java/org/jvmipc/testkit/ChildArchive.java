package org.jvmipc.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;

/**
 * Classes in the form in which a JVM maps them, so that children need not read, verify and link them anew: application
 * class-data sharing. The JVM takes classes only from jars, so the directories of the class path are copied into jars.
 *
 * <p>Made by the first JVM that starts a child with this class path, below the directory that {@link #PROPERTY} names,
 * and used by all others; while it is being made they start their children without it. All methods may be called by
 * any thread.
 */
final class ChildArchive {

    static final String PROPERTY = "ipc.testkit.archive";

    private static final int TRAINING_SECONDS = 20;
    private static final String ARCHIVE = "classes.jsa";
    private static final String LOCK = "lock";

    private final Path home;
    private final Path directory;
    private final List<Path> original;
    private final List<Path> classPath;
    private final List<String> flags;

    /**
     * An archive that need not be there yet.
     *
     * @param base the directory for archives
     * @param home the Java home of the children
     * @param original the class path of the children
     * @param flags the flags that all children get
     */
    ChildArchive(Path base, Path home, List<Path> original, List<String> flags) throws IOException {
        this.home = home;
        this.original = original;
        this.flags = flags;
        this.directory = base.toAbsolutePath().resolve(key());
        this.classPath = new ArrayList<>();
        for (Path entry : original) {
            if (Files.isDirectory(entry)) {
                classPath.add(directory.resolve(classPath.size() + ".jar"));
            } else if (Files.exists(entry)) {
                classPath.add(entry);
            }
        }
    }

    /** The class path to use with {@link #flags}. */
    List<Path> classPath() {
        return classPath;
    }

    /** What makes a child use the archive. One that does not fit, whatever the reason, is passed over in silence. */
    List<String> flags() {
        return List.of("-XX:SharedArchiveFile=" + directory.resolve(ARCHIVE), "-Xlog:cds*=off");
    }

    /** Tells whether the archive is there, and makes it if nobody else is about to. */
    boolean isReady() throws IOException {
        if (Files.exists(directory.resolve(ARCHIVE))) {
            return true;
        }
        Files.createDirectories(directory.getParent());
        try (FileChannel channel = FileChannel.open(directory.resolveSibling(LOCK), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE); FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return false;
            }
            if (!Files.exists(directory)) {
                removeOthers();
                make();
            }
            return Files.exists(directory.resolve(ARCHIVE));
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Another build of the same classes has another key. */
    private String key() throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(home).append(Runtime.version()).append(flags);
        for (Path entry : original) {
            try (Stream<Path> files = Files.exists(entry) ? Files.walk(entry) : Stream.of()) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    text.append('\n').append(file).append(' ').append(Files.size(file)).append(' ')
                            .append(Files.getLastModifiedTime(file));
                }
            }
        }
        return UUID.nameUUIDFromBytes(text.toString().getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** A directory without an archive in it says that none can be made. */
    private void make() throws IOException {
        Files.createDirectory(directory);
        for (int i = 0, next = 0; i < original.size(); i++) {
            if (Files.isDirectory(original.get(i))) {
                pack(original.get(i), classPath.get(next));
            }
            next += Files.exists(original.get(i)) ? 1 : 0;
        }
        Path unfinished = directory.resolve("unfinished.jsa");
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString()));
        command.addAll(flags);
        command.addAll(List.of("-XX:ArchiveClassesAtExit=" + unfinished, "-cp", JavaCommand.join(classPath),
                PeerMain.class.getName(), ArchiveTraining.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(directory.resolve("training.log").toFile());
        builder.environment().remove("CLASSPATH");
        Process process = builder.start();
        try {
            if (process.waitFor(TRAINING_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
                Files.move(unfinished, directory.resolve(ARCHIVE), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }

    private static void pack(Path classes, Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        try (Stream<Path> files = Files.walk(classes);
                OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            out.setLevel(Deflater.NO_COMPRESSION);
            for (Path path : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = classes.relativize(path).toString();
                if (!name.equals("META-INF/MANIFEST.MF")) {
                    out.putNextEntry(new ZipEntry(name));
                    Files.copy(path, out);
                    out.closeEntry();
                }
            }
        }
    }

    private void removeOthers() throws IOException {
        try (Stream<Path> others = Files.list(directory.getParent())) {
            for (Path other : others.filter(Files::isDirectory).toList()) {
                try (Stream<Path> files = Files.list(other)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(other);
            }
        }
    }
}
