package org.jvmipc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jvmipc.cli.ExitCodes.NotFoundException;
import org.jvmipc.spi.DumpLine;
import org.jvmipc.spi.DumpOptions;
import org.jvmipc.spi.Inspected;
import org.jvmipc.spi.Inspector;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ipc dump}: what is in a file. */
@Command(name = "dump",
        header = "Print header and records of a segment or queue file.",
        description = {
            "",
            "Prints the header, the participants and the records of a segment, or the documents of a queue on disk,"
                + " also of broken ones, up to where nothing can be told any more. Nothing is taken and nothing"
                + " changed.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 all is sound, 1 something failed, 2 wrong usage, 3 there is nothing of that name, 4 access"
                + " denied, 5 something is damaged, or it is no file of the toolkit.",
            "",
            "Examples:",
            "  ipc dump shm:orders",
            "  ipc dump /dev/shm/jvmipc-1000-orders --records 10 --payload 16",
            "  ipc dump queue:/var/spool/orders --json"
        })
final class DumpCommand implements Callable<Integer> {
    private static final int WIDTH = 60;

    @Parameters(paramLabel = "FILE", description = "A file or directory, or a name as ipc ls shows it.")
    private String file;

    @Option(names = {"-n", "--records"}, paramLabel = "N", converter = Quantity.Size.class,
            description = "At most so many records; default all.")
    private Long records;

    @Option(names = "--payload", paramLabel = "BYTES", defaultValue = "64", converter = Quantity.Size.class,
            description = "So many bytes of each payload; default ${DEFAULT-VALUE}.")
    private long payload;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        Survey survey = new Survey();
        Path path = path(survey);
        boolean[] damaged = new boolean[1];
        PrintWriter out = common.out();
        Style style = common.style();
        DumpOptions options = new DumpOptions(records == null ? Long.MAX_VALUE : records,
                (int) Math.min(payload, 1 << 20));
        for (Inspector inspector : survey.inspectors()) {
            boolean known = inspector.dump(path, options, line -> {
                damaged[0] |= !line.damage().isEmpty();
                out.println(common.json() ? JsonText.of(json(line)) : text(line, style));
            });
            if (known) {
                return damaged[0] ? ExitCodes.DAMAGED : ExitCodes.OK;
            }
        }
        common.err().println("ipc: " + path + " does not begin as a segment, and is no queue on disk");
        return ExitCodes.DAMAGED;
    }

    private Path path(Survey survey) {
        Path path = Path.of(file);
        if (Files.exists(path)) {
            return path.toAbsolutePath();
        }
        List<Inspected> found = survey.named(List.of(file));
        Object known = found.get(0).details().get("path");
        if (known == null) {
            throw new NotFoundException(file + " is a " + found.get(0).kind()
                    + ", which has no file that could be dumped; ipc info shows what is known of it");
        }
        return Path.of(known.toString());
    }

    private static Map<String, Object> json(DumpLine line) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("what", line.what());
        json.put("at", line.at());
        json.putAll(line.fields());
        if (line.payload().length > 0) {
            json.put("payload", HexFormat.of().formatHex(line.payload()));
        }
        if (!line.damage().isEmpty()) {
            json.put("damage", line.damage());
        }
        return json;
    }

    private static String text(DumpLine line, Style style) {
        StringBuilder text = new StringBuilder(style.head(line.what())).append(" @").append(line.at());
        line.fields().forEach((name, value) ->
                text.append("  ").append(name).append('=').append(Words.printable(String.valueOf(value))));
        if (line.payload().length > 0) {
            text.append("  ").append(payload(line.payload()));
        }
        return text + (line.damage().isEmpty() ? "" : "  " + style.bad("DAMAGED: " + line.damage()));
    }

    /** As text if it is one, else in hexadecimal digits. */
    private static String payload(byte[] bytes) {
        boolean printable = true;
        for (byte each : bytes) {
            printable &= each >= ' ' && each <= '~';
        }
        String text = printable ? '"' + new String(bytes, StandardCharsets.US_ASCII) + '"'
                : HexFormat.of().formatHex(bytes);
        return text.length() > 2 * WIDTH ? text.substring(0, 2 * WIDTH) + "..." : text;
    }
}
