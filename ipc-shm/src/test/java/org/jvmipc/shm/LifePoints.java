package org.jvmipc.shm;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Location;
import com.sun.jdi.Method;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.LocatableEvent;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.EventRequestManager;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.ChildJvmBuilder;

/**
 * Looks on by the debugger's interface while another JVM opens, uses or leaves a segment, step by step, so that it can
 * be killed or stopped at any of them. The program under test knows nothing of that.
 */
final class LifePoints implements AutoCloseable {
    /** The methods before, between and after which a segment, its file or its slots are changed. */
    private static final Map<String, Set<String>> POINTS = Map.of(
            "SegmentFile", Set.of("lock", "back", "map", "unlink", "close"),
            "SegmentHeader", Set.of("write"),
            "Slot", Set.of("occupy", "set", "putText", "setPresence", "leave"),
            "Places", Set.of("countChange"),
            "Segment", Set.of("signalOthers", "removeIfUnused"));
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
        POINTS.forEach(this::stopAt);
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
                if (event instanceof LocatableEvent point && passed++ == step) {
                    child.kill();
                    child.awaitDeath(ChildJvm.PATIENCE);
                    return point.location().method().toString();
                }
            }
            events.resume();
        }
    }

    /** What is done while the child stands still. */
    interface AtPoint {
        /** False if the child was killed. */
        boolean at(int number) throws Exception;
    }

    /**
     * Lets the main thread of the child do something, and does something itself each time that this comes to a method
     * of a class, and to each line of those that store something.
     *
     * @param type a class that the child has loaded
     * @param command the line that makes it begin
     * @param done the line that it says in the end
     * @return how many points there were
     */
    int atEach(String type, String command, String done, AtPoint action) throws Exception {
        EventRequestManager requests = machine.eventRequestManager();
        ThreadReference main = machine.allThreads().stream().filter(thread -> thread.name().equals("main"))
                .findFirst().orElseThrow();
        for (Method method : machine.classesByName(PACKAGE + type).get(0).methods()) {
            if (!method.declaringType().name().equals(PACKAGE + type) || method.isConstructor()
                    || method.isStaticInitializer()) {
                continue;
            }
            boolean stores = method.returnTypeName().equals("void");
            for (Location location : stores ? method.allLineLocations() : List.of(method.location())) {
                BreakpointRequest request = requests.createBreakpointRequest(location);
                request.addThreadFilter(main);
                request.enable();
            }
        }
        child.send(command);
        int passed = 0;
        while (true) {
            EventSet events = machine.eventQueue().remove(20);
            if (events == null) {
                if (child.output().contains(done) || !child.isAlive()) {
                    child.expect(done);
                    requests.deleteAllBreakpoints();
                    return passed;
                }
                continue;
            }
            for (Event event : events) {
                if (event instanceof LocatableEvent && !action.at(passed++)) {
                    return passed;
                }
            }
            events.resume();
        }
    }

    private void stopAt(String type, Set<String> methods) {
        ReferenceType loaded = machine.classesByName(PACKAGE + type).get(0);
        for (Method method : loaded.methods()) {
            if (methods.contains(method.name())) {
                EventRequest request = machine.eventRequestManager().createBreakpointRequest(method.location());
                request.setSuspendPolicy(EventRequest.SUSPEND_ALL);
                request.enable();
            }
        }
    }

    /** To be called by the child before it is looked at: where nothing is loaded, nothing can be stopped. */
    static void prepare() throws ClassNotFoundException {
        for (String type : POINTS.keySet()) {
            Class.forName(PACKAGE + type);
        }
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
