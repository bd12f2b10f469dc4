/** The command {@code ipc}. */
package org.jvmipc.cli;
