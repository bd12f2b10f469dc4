/** What {@code ipc demo} does: a producer and a consumer in two JVMs, for each kind of channel. */
package org.jvmipc.cli.demo;
