package org.jvmipc.process.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jvmipc.Ipc;
import org.jvmipc.Sender;

/**
 * The channels of a running group. Holds those that would go with the last process that uses them, as one more sender
 * which never sends; so what was sent stays, whichever process dies, and all is removed when the last of the group and
 * of its processes leaves, also if the group dies first.
 */
final class Wires implements AutoCloseable {
    private final List<Wire> wires;
    private final Board board;
    private final List<Sender> holds = new ArrayList<>();

    private Wires(List<Wire> wires, Board board) {
        this.wires = wires;
        this.board = board;
    }

    /** Makes the channels; all or none. */
    static Wires open(List<Wire> wires, String boardName) {
        Wires open = new Wires(wires, Board.create(boardName, wires.size()));
        try {
            for (Wire wire : wires) {
                if (wire.held()) {
                    open.holds.add(Ipc.sender(wire.sends()));
                }
            }
            return open;
        } catch (RuntimeException failed) {
            open.close();
            throw failed;
        }
    }

    /** Writes down what a process has to know. */
    static void describe(List<Wire> wires, String boardName, String process, Map<String, String> properties) {
        properties.put(Handover.BOARD, boardName);
        for (Wire wire : wires) {
            if (wire.senders().contains(process)) {
                properties.put(Handover.OUT + wire.join().outPort(), wire.sends().toString());
            }
            if (wire.receivers().contains(process)) {
                properties.put(Handover.IN + wire.join().inPort(), wire.place() + " " + wire.receives());
            }
        }
    }

    List<Wire> all() {
        return wires;
    }

    /** Nobody will send to a channel any more. */
    void isOver(Wire wire) {
        board.tell(wire.place());
    }

    @Override
    public void close() {
        holds.forEach(Sender::close);
        board.close();
    }
}
