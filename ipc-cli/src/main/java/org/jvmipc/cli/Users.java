package org.jvmipc.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Names of users, from {@code /etc/passwd}; numbers of those that are not there. */
final class Users {
    private final Map<String, String> names = new HashMap<>();

    Users() {
        try {
            for (String line : Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.UTF_8)) {
                String[] field = line.split(":");
                if (field.length > 2) {
                    names.putIfAbsent(field[2], field[0]);
                }
            }
        } catch (IOException none) {
            names.clear();
        }
    }

    String name(int uid) {
        String number = Integer.toUnsignedString(uid);
        return uid == -1 ? "-" : names.getOrDefault(number, number);
    }
}
