package org.jvmipc.demos.watch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.Ipc;
import org.jvmipc.Received;
import org.jvmipc.Receiver;
import org.jvmipc.Select;
import org.jvmipc.SelectCase;
import org.jvmipc.demos.Demos;

/**
 * One thread watches three stations, each a process of its own: it reads what they send through a ring, a socket and a
 * FIFO, tells the state every so often, and notices that one of them crashes.
 */
public final class Watch {
    /** What can happen. */
    private enum Event { RING, SOCKET, FIFO, CRASH, REPORT, SILENCE }

    private final int[] readings = new int[3];
    private double sum;

    private Watch() {
    }

    /**
     * Starts the stations and watches them until all have ended.
     *
     * @param args how many readings each of them is to send
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        int count = Demos.number(args, 0, "the number of readings", 20, 10_000);
        Path directory = Demos.directory();
        List<String> addresses = List.of("shm:" + Demos.name("watch"), "unix:" + directory.resolve("socket"),
                "fifo:" + directory.resolve("fifo"));
        List<Process> stations = new ArrayList<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stations.forEach(Process::destroy)));
        try (Receiver ring = Ipc.receiver(addresses.get(0)); Receiver socket = Ipc.receiver(addresses.get(1));
                Receiver fifo = Ipc.receiver(addresses.get(2))) {
            for (String address : addresses) {
                stations.add(Demos.start(Station.class, address, count, stations.size() == 2));
            }
            new Watch().watch(ring, socket, fifo, stations.get(2));
        }
        for (Process station : stations) {
            station.waitFor();
        }
    }

    private void watch(Receiver ring, Receiver socket, Receiver fifo, Process station) throws InterruptedException {
        try (Select<Event> select = Select.fair()) {
            SelectCase<Received> fromRing = select.receive(Event.RING, ring);
            SelectCase<Received> fromSocket = select.receive(Event.SOCKET, socket);
            SelectCase<Received> fromFifo = select.receive(Event.FIFO, fifo);
            SelectCase<Process> crash = select.on(Event.CRASH, station.onExit());
            SelectCase<Long> report = select.every(Event.REPORT, Duration.ofMillis(100));
            while (fromRing.isActive() || fromSocket.isActive() || fromFifo.isActive() || crash.isActive()) {
                switch (select.await(Duration.ofSeconds(10), Event.SILENCE)) {
                    case RING -> note(0, fromRing.value());
                    case SOCKET -> note(1, fromSocket.value());
                    case FIFO -> note(2, fromFifo.value());
                    case CRASH -> Demos.say("the third station ended with exit code %d", crash.value().exitValue());
                    case REPORT -> Demos.say("after %d periods: %d readings", report.value(), total());
                    default -> throw new IllegalStateException("nothing happened for 10 s");
                }
            }
        }
        Demos.say("received %d by the ring, %d by the socket, %d by the FIFO; mean %.1f", readings[0], readings[1],
                readings[2], sum / total());
    }

    private int total() {
        return readings[0] + readings[1] + readings[2];
    }

    private void note(int from, Received received) {
        if (received.isMessage()) {
            readings[from]++;
            sum += Double.parseDouble(received.text());
        } else {
            Demos.say("station %d has left", from + 1);
        }
    }
}
