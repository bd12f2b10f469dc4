package org.jvmipc.signals.internal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jvmipc.signals.Signal;

/**
 * The JVM's own handling of signals, {@code sun.misc.Signal}. By reflection, as the compiler warns of every other use
 * and cannot be told not to. A handler is an opaque object here: one of this class, of other code, or of the JVM.
 */
final class JvmSignals {
    private final Class<?> handlerType;
    private final Method install;
    private final Method handle;
    private final Class<?> signalType;
    private final Object byDefault;
    private final Object ignoring;

    JvmSignals() {
        try {
            signalType = Class.forName("sun.misc.Signal");
            handlerType = Class.forName("sun.misc.SignalHandler");
            install = signalType.getMethod("handle", signalType, handlerType);
            handle = handlerType.getMethod("handle", signalType);
            byDefault = handlerType.getField("SIG_DFL").get(null);
            ignoring = handlerType.getField("SIG_IGN").get(null);
        } catch (ReflectiveOperationException e) {
            throw new UnsupportedOperationException("This Java has no module jdk.unsupported, through which signals "
                    + "are handled; add it to the image (jlink --add-modules jdk.unsupported)", e);
        }
    }

    /** What the system does by itself. */
    Object byDefault() {
        return byDefault;
    }

    Object ignoring() {
        return ignoring;
    }

    /** Makes a handler that the JVM runs on a new thread for each signal it sees. */
    Object handler(Runnable target) {
        return Proxy.newProxyInstance(JvmSignals.class.getClassLoader(), new Class<?>[] {handlerType},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "handle" -> {
                        target.run();
                        yield null;
                    }
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "jvm-ipc signal handler";
                });
    }

    /**
     * Puts a handler in the place of the present one.
     *
     * @return the present one
     * @throws IllegalArgumentException if the JVM does not let it
     */
    Object install(Signal signal, Object handler) {
        return call(install, null, of(signal), handler);
    }

    /** Whether it is the JVM's own handler, which ends it. */
    boolean isJvms(Object handler) {
        return handler.getClass().getName().startsWith("sun.misc.Signal$");
    }

    /** Whether there is something to call. */
    boolean isCode(Object handler) {
        return handler != byDefault && handler != ignoring;
    }

    void call(Object handler, Signal signal) {
        call(handle, handler, of(signal));
    }

    private Object of(Signal signal) {
        try {
            return signalType.getConstructor(String.class).newInstance(signal.name());
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(signal + " is unknown to this JVM", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object call(Method method, Object target, Object... arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            }
            if (e.getCause() instanceof Error thrown) {
                throw thrown;
            }
            throw new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
