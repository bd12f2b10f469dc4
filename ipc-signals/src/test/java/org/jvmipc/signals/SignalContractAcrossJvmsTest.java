package org.jvmipc.signals;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.jvmipc.testkit.contract.ChannelContractAcrossJvms;
import org.jvmipc.testkit.contract.ContractSubject;

/** The contract on signals between two processes. */
@ExtendWith(SharedThreads.class)
final class SignalContractAcrossJvmsTest extends ChannelContractAcrossJvms {
    /** What floods this process leaves room for the tests in others. */
    private static final int MOST_PENDING = 10_000;
    private static String before;

    @BeforeAll
    static void leaveRoomForOthers() throws Exception {
        before = Tools.pendingLimit(ProcessHandle.current().pid());
        Tools.limitPending(ProcessHandle.current().pid(), MOST_PENDING + ":");
    }

    @AfterAll
    static void restore() throws Exception {
        Tools.limitPending(ProcessHandle.current().pid(), before + ":");
    }

    @Override
    protected ContractSubject subject() {
        return Subjects.SIGNAL;
    }
}
