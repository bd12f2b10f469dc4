package org.jvmipc.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A run of the command within this JVM.
 *
 * @param code its exit code
 * @param out what it printed
 * @param err what it complained
 */
record Run(int code, String out, String err) {
    static Run of(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] words = new String[args.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = args[i].toString();
        }
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
        return new Run(code, out.toString(), err.toString());
    }

    List<Map<String, Object>> json() {
        return out.lines().map(Json::object).toList();
    }

    /** The one object for which something holds. */
    Map<String, Object> json(Predicate<Map<String, Object>> which) {
        List<Map<String, Object>> found = json().stream().filter(which).toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " objects instead of one in\n" + out + err);
        }
        return found.get(0);
    }

    Map<String, Object> named(String name) {
        return json(object -> name.equals(object.get("name")));
    }

    @Override
    public String toString() {
        return "exit code " + code + "\n" + out + err;
    }
}
