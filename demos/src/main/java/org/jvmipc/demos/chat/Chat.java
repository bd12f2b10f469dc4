package org.jvmipc.demos.chat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jvmipc.Address;
import org.jvmipc.ChannelExistsException;
import org.jvmipc.Duplex;
import org.jvmipc.Ipc;
import org.jvmipc.Listener;
import org.jvmipc.PeerGoneException;
import org.jvmipc.Received;

/** Two people talk over a Unix socket, a line at a time. The first to come listens, the second connects. */
public final class Chat {
    private Chat() {
    }

    /**
     * Talks.
     *
     * @param args the path of the socket
     * @throws Exception whatever goes wrong
     */
    public static void main(String[] args) throws Exception {
        Address address = Address.of("unix", Path.of(args[0]).toAbsolutePath().toString());
        try (Duplex line = dial(address)) {
            System.out.println("connected; type lines, end with Ctrl-D");
            Thread keyboard = new Thread(() -> type(line), "keyboard");
            keyboard.setDaemon(true);
            keyboard.start();
            for (Received said; (said = line.receiver().receive(Duration.ofDays(1))).isMessage(); ) {
                System.out.println("> " + said.text());
            }
            System.out.println("the other side has hung up");
        }
    }

    private static Duplex dial(Address address) throws InterruptedException {
        try (Listener listener = Ipc.listen(address)) {
            System.out.println("waiting for the other side at " + address);
            return listener.accept();
        } catch (ChannelExistsException somebodyWaits) {
            return Ipc.connect(address);
        }
    }

    private static void type(Duplex line) {
        BufferedReader keyboard = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (String text; (text = keyboard.readLine()) != null; ) {
                line.sender().send(StandardCharsets.UTF_8.encode(text));
            }
            line.sender().close();
        } catch (IOException | InterruptedException | PeerGoneException over) {
            line.close();
        }
    }
}
