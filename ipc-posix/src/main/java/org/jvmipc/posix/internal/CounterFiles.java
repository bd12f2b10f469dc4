package org.jvmipc.posix.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jvmipc.observe.ChannelStats;
import org.jvmipc.observe.ProcessStats;
import org.jvmipc.posix.IpcHome;
import org.jvmipc.posix.LifeSign;
import org.jvmipc.spi.CounterStore;
import org.jvmipc.spi.Log;

/** Counters in files beside the life signs: one for this process, once it has a life sign, and those of others. */
public final class CounterFiles implements CounterStore {
    private CounterFile own;
    private boolean refused;

    /** Made by the service loader. */
    public CounterFiles() {
    }

    @Override
    public synchronized Slot open(String address, ChannelStats.End end) {
        if (refused) {
            return null;
        }
        try {
            if (own == null) {
                if (Boolean.getBoolean("ipc.counters")) {
                    LifeSign.own();
                }
                own = LifeFiles.beside(life -> CounterFile.create(Path.of(LifeFiles.counters(life))));
            }
            return own == null ? null : own.open(address, end);
        } catch (IOException | RuntimeException cannot) {
            // A channel must not fail for want of its counters.
            refused = true;
            Log.warning("others cannot read the counters of this process: no file for them can be made", cannot);
            return null;
        }
    }

    @Override
    public List<ProcessStats> processes() {
        List<ProcessStats> found = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(IpcHome.path(), LifeFiles.COUNTERS_PREFIX + "*")) {
            for (Path file : files) {
                String sign = LifeFiles.PREFIX
                        + file.getFileName().toString().substring(LifeFiles.COUNTERS_PREFIX.length());
                if (LifeFiles.isName(sign)) {
                    CounterReader.read(file, sign).ifPresent(found::add);
                }
            }
        } catch (NoSuchFileException nobodyWasHere) {
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }
}
