/**
 * Channels in shared memory: {@code shm:name}. The layout of the memory is in {@code docs/formats/ring.md}, so that
 * programs in other languages can take part.
 */
package org.jvmipc.shm;
