package org.jvmipc.containers;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.SELContext;
import com.github.dockerjava.api.model.Volume;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.ChildJvmBuilder;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** What a container is to be like. Used by one thread; {@link #start} may be called several times. */
final class ContainerSpec {

    private static final long MEGABYTE = 1 << 20;

    private final List<Consumer<HostConfig>> settings = new ArrayList<>();
    private final List<Bind> volumes = new ArrayList<>();
    private final Map<String, String> tmpfs = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private String user = "0:0";

    /** {@code private}, {@code shareable} or {@code container:ID}. Older engines have no certain default. */
    private String ipc = "private";

    /**
     * A command to run a JVM in the image, and the files of this machine that it reads.
     *
     * @param name for messages
     * @param command the command and its arguments
     * @param files to be mounted
     */
    record Program(String name, List<String> command, List<Bind> files) {

        /** A peer, with the class path of this JVM. */
        static Program of(ChildJvmBuilder peer, String name) {
            String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            // With a wrapper, the peer does not look for a parent, which would be out of its sight.
            List<String> all = peer.wrapper("in-container").command();
            List<String> command = new ArrayList<>(List.of(JvmImage.JAVA_HOME + "/bin/java"));
            command.addAll(all.subList(all.indexOf(java) + 1, all.size()));
            List<Bind> files = new ArrayList<>();
            int classPath = command.indexOf("-cp") + 1;
            List<String> inside = new ArrayList<>();
            for (String entry : command.get(classPath).split(File.pathSeparator)) {
                Path file = Path.of(entry);
                if (!file.toFile().exists()) {
                    continue; // a module without classes of its own
                }
                String place = "/cp/" + inside.size() + "-" + file.getFileName();
                files.add(new Bind(entry, new Volume(place), AccessMode.ro));
                inside.add(place);
            }
            command.set(classPath, String.join(":", inside));
            return new Program(name, List.copyOf(command), List.copyOf(files));
        }

        static Program worker(String... jvmArgs) {
            return of(ChildJvm.of(Worker.class).jvmArgs(jvmArgs), "worker");
        }
    }

    ContainerSpec ipc(String mode) {
        ipc = mode;
        return this;
    }

    /** In the PID namespace of another container. */
    ContainerSpec pid(String mode) {
        settings.add(host -> host.withPidMode(mode));
        return this;
    }

    ContainerSpec volume(String name, String path) {
        // Else the engine gives the volume the mode of what stands there in the image.
        volumes.add(new Bind(name, new Volume(path), AccessMode.rw, SELContext.none, true));
        return this;
    }

    /** A directory of this machine, to be read only. */
    ContainerSpec directory(Path directory, String path) {
        volumes.add(new Bind(directory.toString(), new Volume(path), AccessMode.ro));
        return this;
    }

    ContainerSpec tmpfs(String path, String options) {
        tmpfs.put(path, options);
        return this;
    }

    ContainerSpec shmMegabytes(int size) {
        settings.add(host -> host.withShmSize(size * MEGABYTE));
        return this;
    }

    /** Memory that its processes may have, what is in /dev/shm included; no swap. */
    ContainerSpec memoryMegabytes(int size) {
        settings.add(host -> host.withMemory(size * MEGABYTE).withMemorySwap(size * MEGABYTE));
        return this;
    }

    /** Time of processors that it may use, in thousandths of one. */
    ContainerSpec milliCpus(int milli) {
        settings.add(host -> host.withNanoCPUs(milli * 1_000_000L));
        return this;
    }

    ContainerSpec readOnlyRoot() {
        settings.add(host -> host.withReadonlyRootfs(true));
        return this;
    }

    ContainerSpec user(int id) {
        return user(id + ":" + id);
    }

    ContainerSpec user(String userAndGroup) {
        user = userAndGroup;
        return this;
    }

    ContainerSpec environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Starts one whose first process is a command of the image. */
    JvmContainer start(String name, List<String> command) {
        return start(new Program(name, command, List.of()));
    }

    /** Starts one whose first process is a worker. */
    JvmContainer start() {
        return start(Program.worker());
    }

    JvmContainer start(Program program) {
        List<Bind> binds = new ArrayList<>(program.files());
        binds.addAll(volumes);
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(Engine.image()))
                .withImagePullPolicy(name -> false)
                .withLabels(Engine.LABELS)
                .withEnv(environment)
                .withCommand(program.command().toArray(String[]::new))
                .withCreateContainerCmdModifier(command -> {
                    // Its input ends with the connection of this process.
                    command.withStdinOpen(true).withStdInOnce(true).withAttachStdin(true).withUser(user);
                    HostConfig host = command.getHostConfig().withBinds(binds.toArray(Bind[]::new)).withIpcMode(ipc);
                    if (!tmpfs.isEmpty()) {
                        host.withTmpFs(tmpfs);
                    }
                    settings.forEach(setting -> setting.accept(host));
                });
        try {
            container.start();
            return new JvmContainer(container, program.name());
        } catch (RuntimeException e) {
            container.stop();
            throw e;
        }
    }
}
