package org.jvmipc.demos.fan;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import org.jvmipc.Codec;
import org.jvmipc.TypedReceiver;
import org.jvmipc.demos.Demos;
import org.jvmipc.demos.fan.Jobs.Job;
import org.jvmipc.demos.fan.Worker.Result;
import org.jvmipc.process.ProcessContext;

/** Collects the results, and checks them. */
final class Results {
    private Results() {
    }

    public static void main(String[] args) {
        int jobs = Integer.parseInt(args[0]);
        BitSet done = new BitSet();
        Map<String, Integer> shares = new TreeMap<>();
        int twice = 0;
        try (TypedReceiver<Result> in = ProcessContext.current().receiver("worker", Codec.ofRecord(Result.class))) {
            for (Result result : in.range()) {
                if (result.prime() != Job.of(result.number()).solve()) {
                    throw new IllegalStateException("wrong: " + result);
                }
                twice += done.get(result.number()) ? 1 : 0;
                done.set(result.number());
                shares.merge(result.worker(), 1, Integer::sum);
            }
        }
        Demos.say("%d of %d jobs are done, %d of them twice: %s", done.cardinality(), jobs, twice, shares);
        if (done.cardinality() != jobs) {
            System.exit(1);
        }
    }
}
