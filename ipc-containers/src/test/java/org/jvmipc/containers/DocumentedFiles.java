package org.jvmipc.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files in {@code docs/containers}, as what their YAML says. */
final class DocumentedFiles {

    static final Path DIRECTORY =
            Path.of(System.getProperty("jvmipc.build.dir")).resolve("../../docs/containers").normalize();

    private DocumentedFiles() {
    }

    static Map<?, ?> read(String name) throws IOException {
        return parse(Files.readString(DIRECTORY.resolve(name)));
    }

    static Map<?, ?> parse(String yaml) {
        return (Map<?, ?>) new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    }

    /** Follows names, and numbers of places in lists. */
    static Object at(Object node, Object... path) {
        Object here = node;
        for (Object step : path) {
            here = here instanceof List<?> list ? list.get((Integer) step) : ((Map<?, ?>) here).get(step);
        }
        return here;
    }
}
