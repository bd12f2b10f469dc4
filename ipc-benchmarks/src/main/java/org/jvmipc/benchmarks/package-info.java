/**
 * Measures channels between two JVMs, against each other and against C. Nothing in here is judged by tests but whether
 * what was measured is what was meant.
 */
package org.jvmipc.benchmarks;
