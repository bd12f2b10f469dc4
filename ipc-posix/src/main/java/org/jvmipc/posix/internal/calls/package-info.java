/**
 * The C functions, one small interface per topic. jnr-ffi implements them with generated classes, so they are public in
 * a package that is open to it; nobody but the facades of {@link org.jvmipc.posix} uses them.
 *
 * <p><b>No method here may have exactly six integer parameters.</b> On x86-64 jnr-ffi passes garbage as the sixth. A
 * function that has six gets a seventh, unused one; a test holds this rule.
 */
package org.jvmipc.posix.internal.calls;
