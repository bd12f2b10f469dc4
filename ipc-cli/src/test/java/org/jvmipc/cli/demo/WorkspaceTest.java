package org.jvmipc.cli.demo;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.RepeatedTest;

class WorkspaceTest {
    /** The thread that cleans up is not the one that opens the channels. */
    @RepeatedTest(100)
    void itGoesAlthoughFilesAreStillMadeInIt() throws Exception {
        Workspace workspace = Workspace.create();
        CountDownLatch making = new CountDownLatch(1);
        CompletableFuture<Void> maker = CompletableFuture.runAsync(() -> makeFiles(workspace, making));
        making.await();
        workspace.remove();
        maker.join();
        assertFalse(Files.exists(workspace.directory()), () -> workspace.directory() + " was left");
    }

    /** Until there is no directory any more to make them in. */
    private static void makeFiles(Workspace workspace, CountDownLatch making) {
        try {
            for (int number = 0; number < 20_000; number++) {
                Files.createFile(Path.of(workspace.path("row" + number)));
                making.countDown();
            }
        } catch (IOException gone) {
            making.countDown();
        }
    }
}
