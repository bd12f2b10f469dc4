/** What calls cost one thread, measured by JMH. */
package org.jvmipc.benchmarks.jmh;
