package org.jvmipc.shm;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.MethodEntryEvent;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.MethodEntryRequest;
import java.util.Map;
import java.util.Set;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.ChildJvmBuilder;

/**
 * Looks on by the debugger's interface while another JVM opens or leaves a segment, step by step, so that it can be
 * killed at any of them. The program under test knows nothing of that.
 */
final class LifePoints implements AutoCloseable {
    /** The methods between which a segment, its file or its slots are changed. */
    private static final Map<String, Set<String>> POINTS = Map.of(
            "SegmentFile", Set.of("check", "lock", "isCurrent", "back", "map", "unlink", "close"),
            "SegmentHeader", Set.of("write"),
            "Slot", Set.of("occupy", "set", "putText", "setPresence", "leave"),
            "Places", Set.of("countChange"),
            "Segment", Set.of("tellChange", "signalOthers", "removeIfUnused"));
    private static final String PACKAGE = "org.jvmipc.shm.";

    private final ChildJvm child;
    private final VirtualMachine machine;

    LifePoints(ChildJvm child) throws Exception {
        this.child = child;
        String listening = child.expect("Listening for transport");
        AttachingConnector connector = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(any -> any.name().equals("com.sun.jdi.SocketAttach")).findFirst().orElseThrow();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(listening.substring(listening.lastIndexOf(' ') + 1));
        machine = connector.attach(arguments);
    }

    /** A JVM that can be looked at. */
    static ChildJvmBuilder child(Class<?> type) {
        return ChildJvm.of(type)
                .jvmArgs("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0");
    }

    /**
     * Lets the child do something and kills it at one of its steps.
     *
     * @param command the line that makes it begin
     * @param done the line that it says in the end
     * @param step which one, the first being 0
     * @return where it was killed; empty if there are not so many steps, and it is still alive
     */
    String killAt(String command, String done, int step) throws InterruptedException {
        for (String type : POINTS.keySet()) {
            MethodEntryRequest request = machine.eventRequestManager().createMethodEntryRequest();
            request.addClassFilter(PACKAGE + type);
            request.setSuspendPolicy(EventRequest.SUSPEND_ALL);
            request.enable();
        }
        child.send(command);
        int passed = 0;
        while (true) {
            EventSet events = machine.eventQueue().remove(20);
            if (events == null) {
                if (child.output().contains(done) || !child.isAlive()) {
                    child.expect(done);
                    return "";
                }
                continue;
            }
            for (Event event : events) {
                if (event instanceof MethodEntryEvent entry && isPoint(entry) && passed++ == step) {
                    child.kill();
                    child.awaitDeath(ChildJvm.PATIENCE);
                    return entry.method().toString();
                }
            }
            events.resume();
        }
    }

    private static boolean isPoint(MethodEntryEvent entry) {
        String type = entry.method().declaringType().name().substring(PACKAGE.length());
        return POINTS.getOrDefault(type, Set.of()).contains(entry.method().name());
    }

    @Override
    public void close() {
        try {
            machine.dispose();
        } catch (VMDisconnectedException dead) {
            // That is what it was for.
        }
    }
}
