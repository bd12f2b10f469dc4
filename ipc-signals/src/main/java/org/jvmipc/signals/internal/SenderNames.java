package org.jvmipc.signals.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jvmipc.PeerInfo;

/** The names of those who sent, each looked up once as that costs more than a signal. For one thread at a time. */
final class SenderNames {
    private static final int KEPT = 64;

    private final Map<Long, PeerInfo> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, PeerInfo> eldest) {
            return size() > KEPT;
        }
    };

    PeerInfo of(long pid) {
        return known.computeIfAbsent(pid, SenderNames::find);
    }

    private static PeerInfo find(long pid) {
        try {
            return new PeerInfo(pid, Files.readString(Path.of("/proc", String.valueOf(pid), "comm"),
                    StandardCharsets.ISO_8859_1).strip());
        } catch (IOException gone) {
            return new PeerInfo(pid, "?");
        }
    }
}
