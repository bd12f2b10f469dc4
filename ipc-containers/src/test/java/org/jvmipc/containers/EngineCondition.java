package org.jvmipc.containers;

import java.util.function.Consumer;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Container tests run with {@code -Dipc.containers}, and are skipped, with a line that says so, if no engine answers;
 * with {@code IPC_DOCKER_REQUIRED=true} in the environment they always run, and fail without an engine. Nothing is
 * looked for, and nothing of Testcontainers is loaded, where they do not run.
 */
final class EngineCondition implements ExecutionCondition {

    static final String PROPERTY = "ipc.containers";
    static final String REQUIRED = "IPC_DOCKER_REQUIRED";

    private static final ConditionEvaluationResult RUN = ConditionEvaluationResult.enabled("an engine answers");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestMethod().isPresent()) {
            return RUN; // decided for the class
        }
        return decide(context.getRequiredTestClass().getSimpleName(), System.getenv(REQUIRED),
                System.getProperty(PROPERTY), () -> Engine.client().pingCmd().exec(), System.out::println);
    }

    /**
     * Decides for a class.
     *
     * @param name of the class
     * @param required the variable, null if it is not set
     * @param wanted the property, null if it is not set
     * @param engine throws if none answers
     * @param out where to say that the class is skipped
     */
    static ConditionEvaluationResult decide(String name, String required, String wanted, Runnable engine,
            Consumer<String> out) {
        boolean must = Boolean.parseBoolean(required);
        if (!must && (wanted == null || wanted.equals("false"))) {
            return skip(name, "run with -D" + PROPERTY + " and an engine for containers", out);
        }
        try {
            engine.run();
            return RUN;
        } catch (RuntimeException | LinkageError e) {
            if (must) {
                throw new IllegalStateException(REQUIRED + " is set, and no engine for containers answers", e);
            }
            return skip(name, "no engine for containers answers: " + e.getMessage(), out);
        }
    }

    private static ConditionEvaluationResult skip(String name, String why, Consumer<String> out) {
        out.accept("SKIPPED " + name + ": " + why);
        return ConditionEvaluationResult.disabled(why);
    }
}
