/**
 * What threads have in {@link java.util.concurrent}, between processes: by a name, in shared memory, with the JDK's
 * interfaces where there are some, and told when a holder dies. Which one is for what is in {@code docs/sync.md}.
 */
package org.jvmipc.shm.sync;
