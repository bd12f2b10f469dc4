/**
 * The ways to bring messages from one process to another that are compared: each as an {@link
 * org.jvmipc.benchmarks.transports.Outlet} and an {@link org.jvmipc.benchmarks.transports.Inlet}, in the configuration
 * in which it is fastest. One process loads one of them, so that calls through the interfaces are inlined.
 */
package org.jvmipc.benchmarks.transports;
