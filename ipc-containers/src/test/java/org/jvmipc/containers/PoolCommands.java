package org.jvmipc.containers;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jvmipc.IpcTimeoutException;
import org.jvmipc.mq.Delivery;
import org.jvmipc.mq.GroupConsumer;
import org.jvmipc.shm.PoolBlock;
import org.jvmipc.shm.SharedPool;
import org.jvmipc.shm.SharedSegment;

/** What a {@link Worker} can do with what several share: blocks of a pool, and the messages of a group's queue. */
final class PoolCommands {

    static final int BLOCKS = 8;
    private static final int BLOCK = 1 << 16;
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Map<String, SharedPool> pools = new HashMap<>();
    private final Map<String, GroupConsumer> groups = new HashMap<>();
    private final List<PoolBlock> held = new ArrayList<>();
    private final List<Delivery> taken = new ArrayList<>();

    void addTo(Map<String, Worker.Command> commands) {
        commands.put("pool", words -> {
            pools.put(words[0], SharedPool.in(SharedSegment.posix(words[0])).blocks(BLOCK, BLOCKS).openOrCreate());
            return "open";
        });
        commands.put("fill", words -> fill(words[0], Long.parseLong(words[1])));
        commands.put("check", words -> check(words[0], Long.parseLong(words[1]), Long.parseLong(words[2])));
        commands.put("loan", words -> loan(words[0], Integer.parseInt(words[1])));
        commands.put("drain", words -> drain(words[0]));
        commands.put("close-pool", words -> closePool(words[0]));
        commands.put("group", words -> {
            groups.put(words[0], GroupConsumer.open(words[1]));
            return "open";
        });
        commands.put("compete", words -> compete(words[0], Integer.parseInt(words[1]), words[2].equals("ack")));
        commands.put("depth", words -> Long.toString(groups.get(words[0]).depth()));
        commands.put("close-group", words -> {
            groups.remove(words[0]).close();
            return "closed";
        });
    }

    /** Hands over a block that is full of a number; tells its handle. */
    private String fill(String name, long number) throws InterruptedException {
        PoolBlock block = pools.get(name).loan(LONG);
        ByteBuffer bytes = block.buffer();
        while (bytes.hasRemaining()) {
            bytes.putLong(number * (bytes.position() + 1));
        }
        return Long.toString(block.handOver());
    }

    /** Takes what another has filled, and gives it back. */
    private String check(String name, long handle, long number) {
        try (PoolBlock block = pools.get(name).take(handle)) {
            ByteBuffer bytes = block.buffer();
            while (bytes.hasRemaining()) {
                int at = bytes.position();
                if (bytes.getLong() != number * (at + 1)) {
                    return "another content at " + at;
                }
            }
            return "has " + number;
        }
    }

    /** Takes blocks and keeps them. */
    private String loan(String name, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            held.add(pools.get(name).loan(LONG));
        }
        return "has " + held.size();
    }

    /** How many can be had, after waiting for all that there are; gives them back. */
    private String drain(String name) throws InterruptedException {
        List<PoolBlock> all = new ArrayList<>();
        try {
            while (all.size() < BLOCKS) {
                all.add(pools.get(name).loan(Duration.ofSeconds(2)));
            }
        } catch (IpcTimeoutException somebodyHasTheOthers) {
            return all.size() + " of " + BLOCKS;
        } finally {
            all.forEach(PoolBlock::close);
        }
        return all.size() + " of " + BLOCKS;
    }

    private String closePool(String name) {
        held.clear();
        pools.remove(name).close();
        return "closed";
    }

    /** Takes messages of a group, with or without saying that they are done with; tells their numbers. */
    private String compete(String name, int count, boolean acknowledge) throws InterruptedException {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            Delivery next = groups.get(name).receive(LONG);
            numbers.add(next.payload().getInt(0));
            if (acknowledge) {
                next.ack();
            } else {
                taken.add(next);
            }
        }
        return numbers.toString();
    }
}
