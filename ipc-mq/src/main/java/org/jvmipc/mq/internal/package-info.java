/**
 * The transports behind {@link org.jvmipc.mq}. Not for users.
 */
package org.jvmipc.mq.internal;
