package org.jvmipc.testkit.contract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs a contract while another process sends signals to the threads of this JVM, and of the JVMs that it starts, in
 * turn, so that system calls are interrupted ({@code EINTR}) wherever they are. The system property {@code
 * ipc.testkit.storm}, a number of signals a second, does that to all contracts of a run. Needs {@code python3}.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface UnderStorm {
    /**
     * How many signals.
     *
     * @return a second
     */
    int signalsPerSecond() default 1000;
}
