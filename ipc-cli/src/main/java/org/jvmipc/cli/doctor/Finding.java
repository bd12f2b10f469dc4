package org.jvmipc.cli.doctor;

/**
 * What a check has found.
 *
 * @param check what was checked
 * @param level how bad it is
 * @param text what was found
 * @param fix what to do, empty if nothing
 */
public record Finding(String check, Level level, String text, String fix) {
    /** How bad something is. */
    public enum Level {
        /** As it should be. */
        OK,
        /** Good to know. */
        NOTE,
        /** Something will not work in some case. */
        WARN,
        /** Something does not work. */
        FAIL
    }

    /**
     * All is as it should be.
     *
     * @param check what was checked
     * @param text what was found
     * @return the finding
     */
    public static Finding ok(String check, String text) {
        return new Finding(check, Level.OK, text, "");
    }

    /**
     * Good to know.
     *
     * @param check what was checked
     * @param text what was found
     * @param fix what to do
     * @return the finding
     */
    public static Finding note(String check, String text, String fix) {
        return new Finding(check, Level.NOTE, text, fix);
    }

    static Finding warn(String check, String text, String fix) {
        return new Finding(check, Level.WARN, text, fix);
    }

    static Finding fail(String check, String text, String fix) {
        return new Finding(check, Level.FAIL, text, fix);
    }
}
