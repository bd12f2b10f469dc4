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
import org.jvmipc.spi.Counting;

/** Counters in files beside the life signs: those of this process, once it has a life sign, and those of others. */
public final class CounterFiles implements CounterStore {
    private final OwnCounters own = new OwnCounters(CounterFiles::create, System::nanoTime);

    /** Made by the service loader. */
    public CounterFiles() {
    }

    private static CounterFile create(int number) throws IOException {
        if (number == 1 && Boolean.getBoolean(Counting.PROPERTY)) {
            LifeSign.own();
        }
        return LifeFiles.beside(life -> CounterFile.create(Path.of(LifeFiles.counters(life, number))));
    }

    @Override
    public Slot open(String address, ChannelStats.End end, long number) {
        return own.open(address, end, number);
    }

    @Override
    public List<ProcessStats> processes() {
        List<ProcessStats> found = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(IpcHome.path(), LifeFiles.COUNTERS_PREFIX + "*")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String sign = LifeFiles.signOf(name);
                if (sign != null && LifeFiles.counters(sign, 1).equals(name)) {
                    CounterReader.read(IpcHome.path(), sign).ifPresent(found::add);
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
