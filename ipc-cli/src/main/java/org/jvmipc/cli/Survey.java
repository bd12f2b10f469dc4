package org.jvmipc.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jvmipc.cli.ExitCodes.NotFoundException;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.Inspection;
import org.jvmipc.spi.Inspector;

/**
 * All that the transports find on this machine. The way of {@code ls} through here, the inspectors and {@link Listing}
 * has no lambda expressions: the first one costs some 10 ms of each start, which class-data sharing does not save.
 */
final class Survey {
    private final List<Inspector> inspectors = new ArrayList<>();

    Survey() {
        for (Inspector inspector : ServiceLoader.load(Inspector.class)) {
            inspectors.add(inspector);
        }
    }

    List<Inspector> inspectors() {
        return inspectors;
    }

    /** Looks. */
    List<Inspected> list(List<Path> directories, boolean everything) {
        Inspection scope = new Inspection(directories, everything);
        List<Inspected> found = new ArrayList<>();
        Consumer<Inspected> adding = new Consumer<>() {
            @Override
            public void accept(Inspected object) {
                found.add(object);
            }
        };
        for (Inspector inspector : inspectors) {
            inspector.list(scope, adding);
        }
        return found;
    }

    /**
     * Finds what goes by a name: an address with or without its scheme and options, a path, or a name that {@code ls}
     * shows.
     *
     * @throws NotFoundException if there is nothing of that name
     */
    List<Inspected> named(List<String> names) {
        TreeSet<Path> directories = new TreeSet<>();
        for (String name : names) {
            addDirectory(withoutScheme(name), directories);
        }
        List<Inspected> all = list(List.copyOf(directories), true);
        List<Inspected> found = new ArrayList<>();
        for (String name : names) {
            List<Inspected> same = all.stream().filter(each -> isNamed(each, name)).toList();
            if (same.isEmpty()) {
                throw new NotFoundException("there is nothing called " + name
                        + "; 'ipc ls -a' shows what there is, also in directories that are named to it");
            }
            found.addAll(same);
        }
        return found;
    }

    private static void addDirectory(String name, TreeSet<Path> into) {
        if (!name.contains("/")) {
            return;
        }
        Path path = Path.of(name).toAbsolutePath().normalize();
        if (path.getParent() != null) {
            into.add(path.getParent());
        }
        if (Files.isDirectory(path)) {
            into.add(path);
        }
    }

    private static String withoutScheme(String name) {
        int colon = name.indexOf(':');
        String rest = colon > 0 && name.indexOf('/') != 0 ? name.substring(colon + 1) : name;
        int options = rest.indexOf('?');
        return options < 0 ? rest : rest.substring(0, options);
    }

    private static boolean isNamed(Inspected object, String name) {
        String plain = withoutScheme(name);
        boolean schemed = !plain.equals(name) && name.indexOf(':') > 0 && name.indexOf('/') != 0;
        if (object.name().equals(name) || object.where().equals(name)) {
            return true;
        }
        if (schemed) {
            String base = name.indexOf('?') < 0 ? name : name.substring(0, name.indexOf('?'));
            String own = object.name().indexOf('?') < 0 ? object.name()
                    : object.name().substring(0, object.name().indexOf('?'));
            return own.equals(base);
        }
        String path = plain.contains("/") ? Path.of(plain).toAbsolutePath().normalize().toString() : plain;
        return withoutScheme(object.name()).equals(plain) || object.where().equals(path);
    }

    /** Asks each transport whether the object is its own. */
    boolean remove(Inspected object) {
        for (Inspector inspector : inspectors) {
            if (inspector.remove(object)) {
                return true;
            }
        }
        return false;
    }
}
