package org.jvmipc.containers;

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
        boolean required = Boolean.parseBoolean(System.getenv(REQUIRED));
        String wanted = System.getProperty(PROPERTY);
        if (!required && (wanted == null || wanted.equals("false"))) {
            return skip(context, "run with -D" + PROPERTY + " and an engine for containers");
        }
        try {
            Engine.client().pingCmd().exec();
            return RUN;
        } catch (RuntimeException | LinkageError e) {
            if (required) {
                throw new IllegalStateException(REQUIRED + " is set, and no engine for containers answers", e);
            }
            return skip(context, "no engine for containers answers: " + e.getMessage());
        }
    }

    private static ConditionEvaluationResult skip(ExtensionContext context, String why) {
        System.out.println("SKIPPED " + context.getRequiredTestClass().getSimpleName() + ": " + why);
        return ConditionEvaluationResult.disabled(why);
    }
}
