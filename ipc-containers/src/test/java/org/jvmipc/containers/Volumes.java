package org.jvmipc.containers;

import com.github.dockerjava.api.DockerClient;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** Volumes for one test, removed with it; to be closed after the containers that use them. */
final class Volumes implements AutoCloseable {

    private final DockerClient client = Engine.client();
    private final Deque<String> names = new ArrayDeque<>();

    /** One on the disk of the engine. Returns its name. */
    String onDisk() {
        return add(client.createVolumeCmd().withLabels(Engine.LABELS).exec().getName());
    }

    /** One in memory. Returns its name. */
    String inMemory(int megabytes) {
        return local(Map.of("type", "tmpfs", "device", "tmpfs", "o", "size=" + megabytes + "m,mode=1777"));
    }

    /** One of the driver {@code local}, with its options. Returns its name. */
    String local(Map<String, String> options) {
        return add(client.createVolumeCmd().withLabels(Engine.LABELS).withDriver("local").withDriverOpts(options)
                .exec().getName());
    }

    /** The one that was made last, or null if there is none yet. */
    String last() {
        return names.peek();
    }

    private String add(String name) {
        names.push(name);
        return name;
    }

    @Override
    public void close() {
        while (!names.isEmpty()) {
            client.removeVolumeCmd(names.pop()).exec();
        }
    }
}
