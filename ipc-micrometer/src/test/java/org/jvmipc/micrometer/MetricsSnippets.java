package org.jvmipc.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** What docs/observability.md shows of meters; it is compiled, and that is all. */
final class MetricsSnippets {
    private MetricsSnippets() {
    }

    static ChannelMetrics bind(MeterRegistry registry) {
        ChannelMetrics metrics = new ChannelMetrics(Duration.ofSeconds(10));   // how often to look
        metrics.bindTo(registry);
        return metrics;
    }
}
