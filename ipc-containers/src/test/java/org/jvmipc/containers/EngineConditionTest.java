package org.jvmipc.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the tests in containers run, when they are skipped for all to see, and when they fail instead. */
final class EngineConditionTest {

    private final RuntimeException noEngine = new IllegalStateException("no socket");
    private final List<String> said = new ArrayList<>();

    private boolean runs(String required, String wanted, boolean answers) {
        return !EngineCondition.decide("SomeTest", required, wanted, () -> {
            if (!answers) {
                throw noEngine;
            }
        }, said::add).isDisabled();
    }

    @ParameterizedTest
    @CsvSource({"true,", "true,false", ",''", ",true", "false,true"})
    void shouldRunIfTheyAreWantedAndAnEngineAnswers(String required, String wanted) {
        assertTrue(runs(required, wanted, true));
        assertEquals(List.of(), said);
    }

    @Test
    void shouldSayWhatIsSkippedAndWhy() {
        assertFalse(runs(null, null, true));
        assertFalse(runs("false", "false", true));
        assertFalse(runs(null, "true", false));
        assertEquals(3, said.size());
        assertTrue(said.stream().allMatch(line -> line.startsWith("SKIPPED SomeTest: ")), said::toString);
        assertTrue(said.get(0).contains("-Dipc.containers"), said::toString);
        assertTrue(said.get(2).contains("no socket"), said::toString);
    }

    @Test
    void shouldFailWithoutAnEngineIfOneIsRequired() {
        IllegalStateException failure = assertThrows(IllegalStateException.class, () -> runs("true", null, false));
        assertSame(noEngine, failure.getCause());
        assertTrue(failure.getMessage().contains("IPC_DOCKER_REQUIRED"));
        assertEquals(List.of(), said);
    }
}
