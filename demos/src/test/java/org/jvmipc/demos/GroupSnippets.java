package org.jvmipc.demos;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;
import org.jvmipc.process.GroupEnd;
import org.jvmipc.process.ProcessContext;
import org.jvmipc.process.ProcessGroup;
import org.jvmipc.process.Program;
import org.jvmipc.process.Restart;

/** What docs/patterns.md shows of groups of processes, besides the demos; it is compiled, and that is all. */
final class GroupSnippets {
    private GroupSnippets() {
    }

    static void fan(Class<?> jobs, Class<?> worker, Class<?> results) throws InterruptedException {
        try (ProcessGroup group = ProcessGroup.builder()
                .process("jobs", jobs)
                .process("worker", Program.of(worker).count(3).restart(Restart.onFailure()))
                .process("results", results)
                .join("jobs", "worker", "shm:?capacity=4k")
                .join("worker", "results")
                .start()) {
            GroupEnd end = group.await();                       // how each process ended, and why the group failed
        }
    }

    static void onceAtLeast() throws InterruptedException {
        ProcessContext context = ProcessContext.current();
        try (Sender out = context.sender()) {
            context.forEach(message -> out.send(answer(message)));
        }
    }

    static void onceAtMost() throws InterruptedException {
        try (Receiver in = ProcessContext.current().receiver("jobs")) {
            for (var next = in.receive(Duration.ofDays(1)); next.isMessage(); next = in.receive(Duration.ofDays(1))) {
                work(next.message());
            }
        }
    }

    static Program policy(Class<?> worker) {
        return Program.of(worker).restart(Restart.onFailure()
                .backoff(Duration.ofMillis(100), Duration.ofSeconds(5)).healthyAfter(Duration.ofSeconds(10))
                .atMost(5, Duration.ofMinutes(1)));
    }

    static ProcessGroup file() throws Exception {
        ProcessGroup group = ProcessGroup.read(Path.of("primes.group")).listener(System.out::println).start();
        return group;
    }

    private static ByteBuffer answer(ByteBuffer message) {
        return message;
    }

    private static void work(Object message) {
        System.out.println(message);
    }
}
