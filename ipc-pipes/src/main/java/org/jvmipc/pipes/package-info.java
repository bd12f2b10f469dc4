/**
 * Unix-domain sockets, FIFOs and anonymous pipes as channels. Opened through {@link org.jvmipc.Ipc}; what is here is
 * only what these transports can beyond the others.
 */
package org.jvmipc.pipes;
