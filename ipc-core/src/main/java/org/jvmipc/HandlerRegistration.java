package org.jvmipc;

import java.util.concurrent.CompletableFuture;

/** A handler to which messages are handed as they come; closing takes it back. */
public interface HandlerRegistration extends Registration {
    /**
     * Tells when the handler gets no more messages, and why. By then the receiver can be read otherwise again.
     *
     * @return completes normally at the end of the channel or when this registration is closed; exceptionally with a
     *     {@link ChannelClosedException} when the receiver is closed, with what the handler threw, with what receiving
     *     threw (such as a {@link BrokenFrameException}), or with the executor's refusal. Each call returns another
     *     future; completing it changes nothing. Dependent stages run on the handler's executor or on the thread that
     *     closes, and must not block
     */
    CompletableFuture<Void> ended();
}
