package org.jvmipc.process.internal;

/** The system properties by which a group tells a process what it is. */
public final class Handover {
    /** The name of the process. */
    public static final String NAME = "ipc.process.name";
    /** The how-manieth start this is, 1 for the first. */
    public static final String START = "ipc.process.start";
    /** The segment in which the group tells which channels are over. */
    public static final String BOARD = "ipc.process.board";
    /** The process id of the supervisor. */
    public static final String PARENT = "ipc.process.parent";
    /** Followed by the name of a port: the address to send to. */
    public static final String OUT = "ipc.process.out.";
    /** Followed by the name of a port: the channel's place on the board, a blank, the address to receive from. */
    public static final String IN = "ipc.process.in.";

    private Handover() {
    }
}
