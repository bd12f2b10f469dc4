package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressOfTest {
    private static final String ADDRESS = "mem:address-of?capacity=2";

    @Test
    void everyChannelOpenedHereHasOne() throws IOException {
        List<Channel> channels = List.of(Ipc.sender(ADDRESS), Ipc.receiver(ADDRESS), Ipc.connect(ADDRESS),
                Ipc.listen(ADDRESS), Ipc.sink(ADDRESS), Ipc.source(ADDRESS), Ipc.stream(ADDRESS),
                Ipc.asynchronousSink(Address.parse(ADDRESS)));
        for (Channel channel : channels) {
            assertEquals(Address.parse(ADDRESS), Ipc.addressOf(channel), channel.getClass()::getName);
        }
        for (Channel channel : channels) {
            channel.close();
        }
    }

    @Test
    void othersHaveNone() {
        Channel other = Channels.newChannel(new ByteArrayInputStream(new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> Ipc.addressOf(other));
    }
}
