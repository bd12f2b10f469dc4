/**
 * The persistent queue behind {@link org.jvmipc.mq.PersistentQueues}. Not for users. What names a class of Chronicle is
 * loaded only once {@link org.jvmipc.mq.internal.persistent.FlagsCheck} has passed.
 */
package org.jvmipc.mq.internal.persistent;
