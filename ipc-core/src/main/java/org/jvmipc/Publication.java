package org.jvmipc;

/**
 * What a {@link TopicSubscriber} receives.
 *
 * @param <T> what is published
 * @param topic what it is about
 * @param value what was published
 * @param missed how many publications were dropped before it, as this subscriber was too slow
 */
public record Publication<T>(String topic, T value, long missed) {
}
