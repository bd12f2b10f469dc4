package org.jvmipc.shm.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Code written for a class of the JDK finds all of its public methods in the shared one, and catches what it threw. */
class JdkSignaturesTest {
    /** Those of a lock's halves return the halves of their own class. */
    private static final Set<String> OWN_TYPES = Set.of("readLock", "writeLock");

    static Stream<Arguments> pairs() {
        return Stream.of(
                Arguments.of(ReentrantLock.class, SharedReentrantLock.class),
                Arguments.of(ReentrantReadWriteLock.class, SharedReadWriteLock.class),
                Arguments.of(ReentrantReadWriteLock.ReadLock.class, SharedReadWriteLock.ReadLock.class),
                Arguments.of(ReentrantReadWriteLock.WriteLock.class, SharedReadWriteLock.WriteLock.class),
                Arguments.of(Semaphore.class, SharedSemaphore.class),
                Arguments.of(CyclicBarrier.class, SharedBarrier.class),
                Arguments.of(CountDownLatch.class, SharedCountDownLatch.class));
    }

    private static List<Method> publicMethods(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getDeclaringClass() != Object.class && !method.isBridge())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void shouldHaveAllMethodsOfTheJdk(Class<?> jdk, Class<?> shared) {
        List<String> problems = new ArrayList<>();
        List<Method> methods = publicMethods(jdk);
        assertFalse(methods.isEmpty());
        for (Method method : methods) {
            try {
                compare(method, shared.getMethod(method.getName(), method.getParameterTypes()), problems);
            } catch (NoSuchMethodException missing) {
                problems.add("missing: " + method);
            }
        }
        assertEquals(List.of(), problems);
    }

    /** A caller of the one compiles with the other: the result fits, and so do the handlers of checked exceptions. */
    private static void compare(Method jdk, Method shared, List<String> problems) {
        if (!jdk.getReturnType().equals(shared.getReturnType()) && !OWN_TYPES.contains(jdk.getName())) {
            problems.add("another result: " + shared + " instead of " + jdk);
        }
        if (!Set.of(jdk.getExceptionTypes()).equals(Set.of(shared.getExceptionTypes()))) {
            problems.add("other exceptions: " + shared + " instead of " + jdk);
        }
    }

    /** The interfaces by which the tests of the Javadoc call them leave nothing out. */
    static Stream<Arguments> forms() {
        return Stream.of(
                Arguments.of(ReentrantLock.class, Form.AnyLock.class),
                Arguments.of(ReentrantReadWriteLock.class, Form.AnyReadWriteLock.class),
                Arguments.of(ReentrantReadWriteLock.WriteLock.class, Form.AnyWriteLock.class),
                Arguments.of(Semaphore.class, Form.AnySemaphore.class),
                Arguments.of(CyclicBarrier.class, Form.AnyBarrier.class),
                Arguments.of(CountDownLatch.class, Form.AnyLatch.class));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void shouldTestAllMethodsOfTheJdk(Class<?> jdk, Class<?> form) {
        List<String> inForm = names(form);
        List<String> inJdk = new ArrayList<>(names(jdk));
        inJdk.removeIf(name -> name.startsWith("toString("));
        assertEquals(inJdk, inForm);
    }

    private static List<String> names(Class<?> type) {
        return publicMethods(type).stream()
                .map(method -> method.getName() + Arrays.toString(method.getParameterTypes()).replace('[', '('))
                .distinct().sorted().toList();
    }
}
