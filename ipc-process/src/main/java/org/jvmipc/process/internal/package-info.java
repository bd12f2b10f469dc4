/** How processes are started and supervised. */
package org.jvmipc.process.internal;
