package org.jvmipc;

/**
 * Does what a {@link Replier} is asked.
 *
 * @param <Q> what is asked
 * @param <A> what is replied
 */
@FunctionalInterface
public interface RequestHandler<Q, A> {
    /**
     * Does what is asked.
     *
     * @param request what is asked
     * @return the reply; not null
     * @throws Exception if it cannot be done; the one who asked gets a {@link RequestFailedException} that says so. An
     *     {@link InterruptedException} tells that it is not wanted any more
     */
    A handle(Q request) throws Exception;
}
