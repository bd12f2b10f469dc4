/** Functions of the C library that only pipes need; open to jnr-ffi, which implements the interfaces. */
package org.jvmipc.pipes.internal.calls;
