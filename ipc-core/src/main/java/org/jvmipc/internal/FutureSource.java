package org.jvmipc.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The result of a computation. */
final class FutureSource<T> implements SelectSource<T> {
    private final CompletionStage<? extends T> stage;
    private volatile Result<T> result;
    private volatile CompletableFuture<?> listening;

    private record Result<T>(T value, Throwable failure) {
    }

    FutureSource(CompletionStage<? extends T> stage) {
        this.stage = stage;
    }

    @Override
    public void onReady(Runnable wake) {
        listening = stage.handle((value, failure) -> {
            result = new Result<>(value, failure);
            wake.run();
            return null;
        }).toCompletableFuture();
    }

    @Override
    public boolean attempt() {
        Result<T> known = result;
        if (known == null) {
            return false;
        }
        if (known.failure instanceof RuntimeException told) {
            throw told;
        }
        if (known.failure != null) {
            throw new CompletionException(known.failure);
        }
        return true;
    }

    @Override
    public T outcome() {
        return result.value();
    }

    @Override
    public boolean isOver() {
        return true;
    }

    /** Lets go of the computation, which goes on. */
    @Override
    public void close() {
        CompletableFuture<?> mine = listening;
        if (mine != null) {
            mine.cancel(false);
        }
    }
}
