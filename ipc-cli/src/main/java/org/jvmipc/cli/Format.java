package org.jvmipc.cli;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jvmipc.Message;

/** How messages are written on lines. */
enum Format {
    /** The message itself, as UTF-8. */
    TEXT {
        @Override
        byte[] read(String line) {
            return line.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        String write(Message message) {
            return message.text();
        }
    },
    /** Two digits a byte; blanks between them are allowed. */
    HEX {
        @Override
        byte[] read(String line) {
            return hex(line);
        }

        @Override
        String write(Message message) {
            return HexFormat.of().formatHex(message.bytes());
        }
    },
    /** An object with the member {@code text}, or {@code hex} for what is no UTF-8. */
    JSON {
        @Override
        byte[] read(String line) {
            Map<String, String> members = JsonLine.strings(line);
            if (members.containsKey("text")) {
                return members.get("text").getBytes(StandardCharsets.UTF_8);
            }
            if (members.containsKey("hex")) {
                return hex(members.get("hex"));
            }
            throw new IllegalArgumentException("a line has neither \"text\" nor \"hex\": " + line);
        }

        @Override
        String write(Message message) {
            Map<String, Object> json = new LinkedHashMap<>();
            String text = text(message);
            json.put(text == null ? "hex" : "text", text == null ? HEX.write(message) : text);
            json.put("bytes", message.length());
            if (message.sender().pid() > 0) {
                json.put("senderPid", message.sender().pid());
            }
            if (message.priority() != 0) {
                json.put("priority", message.priority());
            }
            if (message.type() != 0) {
                json.put("type", message.type());
            }
            if (message.missed() != 0) {
                json.put("missed", message.missed());
            }
            return JsonText.of(json);
        }
    };

    /**
     * The message that a line stands for.
     *
     * @throws IllegalArgumentException if it stands for none
     */
    abstract byte[] read(String line);

    abstract String write(Message message);

    private static byte[] hex(String text) {
        try {
            return HexFormat.of().parseHex(text.replace(" ", ""));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("\"" + text + "\" is not made of pairs of hexadecimal digits");
        }
    }

    /** Null if it is no text. */
    private static String text(Message message) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message.bytes())).toString();
        } catch (CharacterCodingException binary) {
            return null;
        }
    }
}
