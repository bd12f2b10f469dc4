package org.jvmipc.demos.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jvmipc.Endpoint;
import org.jvmipc.PeerEvent;
import org.jvmipc.demos.Demos;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.InspectedPeer;
import org.jvmipc.spi.Inspection;
import org.jvmipc.spi.Inspector;

/** What a scene has: names, processes, and what it looks with. */
final class Lab implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final Duration SHORT = Duration.ofMillis(300);

    private final String name;
    private final Path directory;
    private final List<Process> processes = new CopyOnWriteArrayList<>();
    private final BlockingQueue<PeerEvent> events = new LinkedBlockingQueue<>();
    private final Thread cleaning = new Thread(this::end);

    Lab(String scene) throws IOException {
        name = Demos.name("lab-" + scene);
        directory = Demos.directory();
        Runtime.getRuntime().addShutdownHook(cleaning);
    }

    /** The name of something in this scene. */
    String name(String what) {
        return name + "-" + what;
    }

    Path directory() {
        return directory;
    }

    Process start(Class<?> main, Object... args) throws IOException {
        return started(Demos.start(main, args));
    }

    /** Has a process looked after that was started in another way. */
    Process started(Process process) {
        processes.add(process);
        return process;
    }

    /** Has the peers of an endpoint told. */
    void watch(Endpoint endpoint) {
        endpoint.onPeer(events::add);
    }

    /** Waits until something of a kind is told of a peer, and shows it. */
    void awaitEvent(PeerEvent.Kind kind) throws InterruptedException {
        PeerEvent event;
        do {
            event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            check(event != null, "nothing was told of peers, although one of them " + kind);
            Demos.say("  event: %s, %s", event.kind(), event.peer());
        } while (event.kind() != kind);
    }

    boolean isToldOf(PeerEvent.Kind kind) {
        return events.stream().anyMatch(event -> event.kind() == kind);
    }

    /** Shows what {@code ipc ls} would: whatever has this scene's name. It is read from files and {@code /proc}. */
    void look() {
        Inspection scope = new Inspection(List.of(directory), false);
        List<Inspected> found = new ArrayList<>();
        ServiceLoader.load(Inspector.class).forEach(inspector -> inspector.list(scope, found::add));
        found.removeIf(object -> !object.name().contains(name) && !object.where().contains(directory.toString()));
        Demos.say("  what ipc ls shows of it:");
        for (Inspected object : found) {
            String depth = object.depthMessages() < 0 ? "" : ", " + object.depthMessages() + " messages";
            Demos.say("    %s  %s%s: %s", object.name().replace(name + "-", "...-"), object.kind(), depth,
                    object.peers().stream().filter(peer -> !peer.role().equals("participant")).map(Lab::words)
                            .collect(Collectors.joining(", ")));
        }
    }

    private static String words(InspectedPeer peer) {
        return peer.role() + " " + (peer.pid() == ProcessHandle.current().pid() ? "(this process)" : "" + peer.pid())
                + (peer.presence() == InspectedPeer.Presence.ALIVE ? "" : " " + peer.presence());
    }

    /** What a demo claims is true, or it fails. */
    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    /** Shows an exception as its receiver would. */
    static void tell(String call, Throwable thrown) {
        Demos.say("  %s: %s: %s%s", call, thrown.getClass().getSimpleName(), thrown.getMessage(),
                thrown.getCause() == null ? "" : " (" + thrown.getCause() + ")");
    }

    /** Waits for the end of a process; its exit code, or 128 and the number of the signal. */
    static int awaitEnd(Process process) throws InterruptedException {
        check(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "process " + process.pid() + " does not end");
        return process.exitValue();
    }

    private void end() {
        for (Process process : processes) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(cleaning);
        } catch (IllegalStateException endsAlready) {
            return;
        }
    }
}
