/**
 * The transports. One {@code Session} per channel drives connections
 * ({@code Wire}) that an {@link org.jvmipc.pipes.internal.Origin} supplies, whatever they are
 * made of.
 */
package org.jvmipc.pipes.internal;
