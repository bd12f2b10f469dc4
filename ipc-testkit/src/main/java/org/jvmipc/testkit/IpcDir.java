package org.jvmipc.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test an {@link IpcScope} of its own, and fails the test if it leaves {@link Debris}.
 *
 * <pre>{@code
 * class RingTest {
 *     @IpcDir
 *     IpcScope scope;
 *
 *     @Test
 *     void shouldDeliver() {
 *         Sender sender = scope.track(Ipc.sender(scope.address("shm", "ring")));
 *         ...
 *     }
 *
 *     @Test
 *     @IpcDir(relax = @IpcDir.Relax(value = DebrisKind.MAPPING, reason = "the view is kept on purpose"))
 *     void shouldRefuseUseAfterClose() { ... }
 * }
 * }</pre>
 *
 * <p>On a field that is neither static nor final, or on a parameter of a test method or of a {@code @BeforeEach} or
 * {@code @AfterEach} method: an {@link IpcScope}, or a {@link java.nio.file.Path} for the directory alone. All of one
 * test get the same scope. On a class or a test method it adds the check, and relaxes it; parameters of type
 * {@link IpcScope} then need no annotation.
 *
 * <p>The check follows all {@code @AfterEach} methods. It looks at the whole JVM, so these tests must not run at the
 * same time in one JVM.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.FIELD, ElementType.PARAMETER})
@ExtendWith(IpcDirExtension.class)
public @interface IpcDir {

    /**
     * Kinds of debris not to look for.
     *
     * @return none by default
     */
    Relax[] relax() default {};

    /** Kinds of debris that a test cannot help leaving, and why. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target({})
    @interface Relax {

        /**
         * What not to look for.
         *
         * @return the kinds
         */
        DebrisKind[] value();

        /**
         * Why the test cannot help leaving it.
         *
         * @return a sentence; must not be blank
         */
        String reason();
    }
}
