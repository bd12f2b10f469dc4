/** Measures channels between two JVMs, against each other and against C. */
module org.jvmipc.benchmarks {
    requires HdrHistogram;
    requires org.jvmipc.core;
}
