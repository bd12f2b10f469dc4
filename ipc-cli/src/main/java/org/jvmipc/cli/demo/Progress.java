package org.jvmipc.cli.demo;

/** Tells a person what is going on. */
public interface Progress {
    /** Tells nothing. */
    Progress NONE = new Progress() {
        @Override
        public void update(String row, String state) {
            // nobody wants to know
        }

        @Override
        public void finish(String row, String outcome) {
            // nobody wants to know
        }
    };

    /**
     * Something has moved on.
     *
     * @param row which row
     * @param state how far it is
     */
    void update(String row, String state);

    /**
     * A row has ended.
     *
     * @param row which row
     * @param outcome what came out
     */
    void finish(String row, String outcome);
}
