/**
 * The operating system for the transports: native calls by topic, descriptors, waiting in the kernel, life signs, the
 * registry of named channels and safe creation of shared files.
 *
 * <p>Nothing native is loaded before the first call that needs it. Where native calls do not work, that call throws
 * {@link java.lang.UnsupportedOperationException} with the reason and what to use instead; never a
 * {@link java.lang.LinkageError}.
 */
package org.jvmipc.posix;
