package org.jvmipc.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SocketCallsTest {

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(64);
    private final long address = MemoryCalls.address(bytes);

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(ints = {SocketCalls.SOCK_STREAM, SocketCalls.SOCK_SEQPACKET})
    void connectsByPathAndAbstractName(int type) {
        for (String name : new String[] {dir.resolve("s" + type).toString(), "@jvmipc-test-" + type}) {
            int listener = SocketCalls.socket(type);
            assertEquals(0, SocketCalls.bind(listener, name));
            assertEquals(0, SocketCalls.listen(listener, 5));
            assertEquals(name, SocketCalls.localAddress(listener));
            assertEquals(-Errno.EAGAIN, SocketCalls.accept(listener));
            int client = SocketCalls.socket(type);
            assertEquals(0, SocketCalls.connect(client, name));
            assertEquals("", SocketCalls.localAddress(client));
            assertEquals(name, SocketCalls.peerAddress(client));
            int server = SocketCalls.accept(listener);
            assertTrue(server > 0);
            PeerCredentials peer = new PeerCredentials();
            assertEquals(0, SocketCalls.peerCredentials(server, peer));
            assertEquals(ProcessHandle.current().pid(), peer.pid());
            assertEquals("pid " + peer.pid() + ", uid " + peer.uid() + ", gid " + peer.gid(), peer.toString());
            assertEquals(type, SocketCalls.getOption(server, SocketCalls.SO_TYPE));
            bytes.put(0, (byte) 7);
            assertEquals(3, SocketCalls.send(client, address, 3, 0));
            assertEquals(3, SocketCalls.receive(server, address + 8, 10, SocketCalls.MSG_PEEK));
            assertEquals(3, SocketCalls.receive(server, address + 16, 10, 0));
            assertEquals(7, bytes.get(16));
            assertEquals(0, SocketCalls.shutdown(client, SocketCalls.SHUT_WR));
            assertEquals(0, SocketCalls.receive(server, address, 10, 0));
            assertEquals(3, SocketCalls.send(server, address, 3, 0));
            assertEquals(3, SocketCalls.receive(client, address, 10, 0));
            FileCalls.close(client);
            assertEquals(-Errno.EPIPE, SocketCalls.send(server, address, 3, 0));
            FileCalls.close(server);
            FileCalls.close(listener);
        }
    }

    @Test
    void refusedAndTooLongAddresses() throws Exception {
        int socket = SocketCalls.socket(SocketCalls.SOCK_STREAM);
        assertEquals(-Errno.ENOENT, SocketCalls.connect(socket, dir.resolve("none").toString()));
        assertEquals(-Errno.ECONNREFUSED, SocketCalls.connect(socket, "@jvmipc-test-none"));
        Path file = Files.createFile(dir.resolve("file"));
        assertEquals(-Errno.ECONNREFUSED, SocketCalls.connect(socket, file.toString()));
        assertEquals(-Errno.EADDRINUSE, SocketCalls.bind(socket, file.toString()));
        String longest = "@" + "x".repeat(106);
        assertEquals(0, SocketCalls.bind(socket, longest));
        assertEquals(longest, SocketCalls.localAddress(socket));
        assertThrows(IllegalArgumentException.class, () -> SocketCalls.bind(socket, longest + "x"));
        assertThrows(IllegalArgumentException.class, () -> SocketCalls.bind(socket, ""));
        assertThrows(IllegalArgumentException.class, () -> SocketCalls.bind(socket, "@"));
        FileCalls.close(socket);
        NativeCallException e = assertThrows(NativeCallException.class, () -> SocketCalls.localAddress(socket));
        assertEquals(Errno.EBADF, e.errno());
    }

    @Test
    void options() {
        int socket = SocketCalls.socket(SocketCalls.SOCK_DGRAM);
        assertEquals(0, SocketCalls.setOption(socket, SocketCalls.SO_SNDBUF, 40_000));
        assertEquals(80_000, SocketCalls.getOption(socket, SocketCalls.SO_SNDBUF));
        FileCalls.close(socket);
        assertEquals(-Errno.EBADF, SocketCalls.getOption(socket, SocketCalls.SO_SNDBUF));
    }

    @Test
    void descriptorsTravelAndKeepTheirFile() {
        int[] ends = pair(SocketCalls.SOCK_SEQPACKET);
        int[] pipe = new int[2];
        assertEquals(0, FileCalls.pipe2(pipe, FileCalls.O_CLOEXEC));
        SocketMessage message = new SocketMessage();
        assertEquals(1, message.send(ends[0], address, 1, pipe[1], pipe[0]));
        FileCalls.close(pipe[1]);
        FileCalls.close(pipe[0]);
        assertEquals(1, message.receive(ends[1], address, 64, 0));
        assertFalse(message.isTruncated() || message.isControlTruncated() || message.hasCredentials());
        int[] got = message.descriptors();
        assertEquals(2, got.length);
        assertEquals(FileCalls.FD_CLOEXEC, FileCalls.fcntl(got[0], 1, 0), "closed in children");
        assertEquals(5, FileCalls.write(got[0], address, 5));
        assertEquals(5, FileCalls.available(got[1]));
        assertEquals(1, message.send(ends[0], address, 1));
        assertEquals(1, message.receive(ends[1], address, 64, 0));
        assertArrayEquals(new int[0], message.descriptors(), "those of the message before are forgotten");
        FileCalls.close(got[0]);
        FileCalls.close(got[1]);
        close(ends);
    }

    @Test
    void unwantedDescriptorsAreClosedAndLimitsTold() {
        int[] ends = pair(SocketCalls.SOCK_STREAM);
        SocketMessage message = new SocketMessage();
        int[] most = new int[SocketMessage.MAX_DESCRIPTORS];
        java.util.Arrays.fill(most, ends[0]);
        assertEquals(1, message.send(ends[0], address, 1, most));
        assertEquals(1, message.receive(ends[1], address, 64, 0));
        int[] got = message.descriptors();
        assertEquals(most.length, got.length);
        message.closeDescriptors();
        assertEquals(-Errno.EBADF, FileCalls.close(got[got.length - 1]));
        assertEquals(0, message.descriptors().length);
        assertThrows(IllegalArgumentException.class, () -> message.send(ends[0], address, 1, new int[254]));
        assertEquals(-Errno.EAGAIN, message.receive(ends[1], address, 64, 0));
        close(ends);
    }

    @Test
    void credentialsTellAnEmptyMessageFromTheEnd() {
        int[] ends = pair(SocketCalls.SOCK_SEQPACKET);
        assertEquals(0, SocketCalls.setOption(ends[1], SocketCalls.SO_PASSCRED, 1));
        SocketMessage message = new SocketMessage();
        assertEquals(0, SocketCalls.send(ends[0], address, 0, 0));
        assertEquals(10, SocketCalls.send(ends[0], address, 10, 0));
        FileCalls.close(ends[0]);
        assertEquals(0, message.receive(ends[1], address, 64, 0));
        assertTrue(message.hasCredentials());
        assertEquals(ProcessHandle.current().pid(), message.credentials().pid());
        assertEquals(4, message.receive(ends[1], address, 4, 0));
        assertTrue(message.isTruncated());
        assertEquals(0, message.receive(ends[1], address, 64, 0));
        assertFalse(message.hasCredentials(), "the end");
        FileCalls.close(ends[1]);
    }

    @Test
    void datagramThatIsTooLong() {
        int[] ends = pair(SocketCalls.SOCK_SEQPACKET);
        try (Fd socket = Fd.own(ends[0], "socket")) {
            NativeCallException e = assertThrows(NativeCallException.class,
                    () -> socket.write(ByteBuffer.allocate(4 << 20)));
            assertEquals(Errno.EMSGSIZE, e.errno());
        }
        FileCalls.close(ends[1]);
    }

    private static int[] pair(int type) {
        int[] ends = new int[2];
        assertEquals(0, SocketCalls.socketpair(type, ends));
        return ends;
    }

    private static void close(int[] ends) {
        FileCalls.close(ends[0]);
        FileCalls.close(ends[1]);
    }
}
