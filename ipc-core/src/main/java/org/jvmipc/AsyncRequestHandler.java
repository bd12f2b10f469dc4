package org.jvmipc;

import java.util.concurrent.CompletionStage;

/**
 * Does what a {@link Replier} is asked, later.
 *
 * @param <Q> what is asked
 * @param <A> what is replied
 */
@FunctionalInterface
public interface AsyncRequestHandler<Q, A> {
    /**
     * Begins with what is asked.
     *
     * @param request what is asked
     * @return completes with the reply, or exceptionally if it cannot be done; is cancelled if it is not wanted any
     * more
     */
    CompletionStage<A> handle(Q request);
}
