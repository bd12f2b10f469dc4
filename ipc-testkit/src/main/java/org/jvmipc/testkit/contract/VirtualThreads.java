package org.jvmipc.testkit.contract;

import java.lang.reflect.Method;

/** Virtual threads for a test kit that is compiled for JDKs without them. */
final class VirtualThreads {
    private VirtualThreads() {
    }

    static Thread make(String name, Runnable body) {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            Method naming = type.getMethod("name", String.class);
            Method unstarted = type.getMethod("unstarted", Runnable.class);
            return (Thread) unstarted.invoke(naming.invoke(builder, name), body);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("this JDK has no virtual threads", e);
        }
    }
}
