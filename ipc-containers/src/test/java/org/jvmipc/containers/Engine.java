package org.jvmipc.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;

/** The engine that Testcontainers has found, and what the tests make there once. */
final class Engine {

    /** On all that the tests make, so that what a killed run has left can be told from what is somebody else's. */
    static final String LABEL = "org.jvmipc.test";
    static final Map<String, String> LABELS = Map.of(LABEL, "true");

    private Engine() {
    }

    static DockerClient client() {
        return DockerClientFactory.instance().client();
    }

    /** The image with the JVM of this process, built if the engine does not have it yet. */
    static String image() {
        return Image.NAME;
    }

    /**
     * Removes containers of runs that were killed, which have ended since as their JVMs lost their input, and the
     * volumes of those.
     */
    private static void sweep() {
        DockerClient client = client();
        for (Container old : client.listContainersCmd().withShowAll(true).withLabelFilter(LABELS)
                .withStatusFilter(List.of("created", "exited", "dead")).exec()) {
            client.removeContainerCmd(old.getId()).withForce(true).withRemoveVolumes(true).exec();
        }
    }

    /** Made by the first who asks; the others wait. */
    private static final class Image {
        static final String NAME = prepare();

        private static String prepare() {
            sweep();
            return new JvmImage(client()).buildIfMissing();
        }
    }
}
