package org.jvmipc.demos.launcher;

import org.jvmipc.demos.Demos;
import org.jvmipc.process.ProcessContext;

/** Adds up what the consumers had. */
final class Total {
    private long count;
    private long sum;

    private Total() {
    }

    public static void main(String[] args) throws InterruptedException {
        long producers = Long.parseLong(args[0]);
        long items = Long.parseLong(args[1]);
        Total total = new Total();
        ProcessContext.current().forEach(message -> {
            total.count += message.getLong();
            total.sum += message.getLong();
        });
        boolean right = total.count == producers * items && total.sum == producers * items * (items + 1) / 2;
        Demos.say("%d items, which sum up to %d: %s", total.count, total.sum, right ? "all of them" : "not all");
        if (!right) {
            System.exit(1);
        }
    }
}
