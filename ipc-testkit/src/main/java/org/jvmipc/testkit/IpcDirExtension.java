package org.jvmipc.testkit;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/** What {@link IpcDir} adds to JUnit. Not to be used directly. */
public final class IpcDirExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(IpcDirExtension.class);

    /** Made by JUnit. */
    public IpcDirExtension() {
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IllegalAccessException {
        IpcScope scope = IpcScope.open();
        context.getStore(NAMESPACE).put(IpcScope.class, scope);
        for (AnnotatedElement element : annotated(context)) {
            AnnotationSupport.findAnnotation(element, IpcDir.class).ifPresent(ipcDir -> relax(scope, ipcDir));
        }
        for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
            for (Field field : fields(instance.getClass())) {
                field.setAccessible(true);
                field.set(instance, value(scope, field.getType(), field));
            }
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        IpcScope scope = context.getStore(NAMESPACE).remove(IpcScope.class, IpcScope.class);
        if (scope != null) {
            scope.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.isAnnotated(IpcDir.class) || parameter.getParameter().getType() == IpcScope.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        IpcScope scope = context.getStore(NAMESPACE).get(IpcScope.class, IpcScope.class);
        if (scope == null) {
            throw new ParameterResolutionException(
                    "@IpcDir belongs to a test: it cannot be a parameter of a constructor, @BeforeAll or @AfterAll");
        }
        return value(scope, parameter.getParameter().getType(), parameter.getParameter());
    }

    private static Object value(IpcScope scope, Class<?> type, Object where) {
        if (type == IpcScope.class) {
            return scope;
        }
        if (type == Path.class) {
            return scope.dir();
        }
        throw new ExtensionConfigurationException("@IpcDir is for an IpcScope or a Path, not for " + where);
    }

    private static List<AnnotatedElement> annotated(ExtensionContext context) {
        List<AnnotatedElement> elements = new ArrayList<>();
        for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
            elements.add(instance.getClass());
            elements.addAll(fields(instance.getClass()));
        }
        elements.add(context.getRequiredTestMethod());
        elements.addAll(Arrays.asList(context.getRequiredTestMethod().getParameters()));
        return elements;
    }

    private static void relax(IpcScope scope, IpcDir ipcDir) {
        for (IpcDir.Relax relax : ipcDir.relax()) {
            for (DebrisKind kind : relax.value()) {
                scope.relax(kind, relax.reason());
            }
        }
    }

    private static List<Field> fields(Class<?> type) {
        List<Field> fields = AnnotationSupport.findAnnotatedFields(type, IpcDir.class, field -> true,
                HierarchyTraversalMode.TOP_DOWN);
        for (Field field : fields) {
            if ((field.getModifiers() & (Modifier.STATIC | Modifier.FINAL)) != 0) {
                throw new ExtensionConfigurationException("@IpcDir belongs to a test: " + field
                        + " must be neither static nor final");
            }
        }
        return fields;
    }
}
