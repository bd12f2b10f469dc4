/** Measures channels between two JVMs, against each other and against C. */
module org.jvmipc.benchmarks {
    requires HdrHistogram;
    requires java.management;
    requires org.jvmipc.core;
}
