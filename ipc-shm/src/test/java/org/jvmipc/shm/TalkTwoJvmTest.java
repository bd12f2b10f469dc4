package org.jvmipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.ChannelArray;
import org.jvmipc.Codec;
import org.jvmipc.IncompatibleChannelException;
import org.jvmipc.Ipc;
import org.jvmipc.PeerDiedException;
import org.jvmipc.Receiver;
import org.jvmipc.Requester;
import org.jvmipc.TypedReceiver;
import org.jvmipc.TypedSender;
import org.jvmipc.shm.TalkPeer.Answer;
import org.jvmipc.shm.TalkPeer.Question;
import org.jvmipc.testkit.ChildJvm;
import org.jvmipc.testkit.IpcDir;
import org.jvmipc.testkit.IpcScope;

/** What is built on channels, between processes. */
@IpcDir
@Timeout(60)
class TalkTwoJvmTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @IpcDir
    private IpcScope scope;

    @Test
    void shouldReplyAndFailAtOnceWhenTheReplierIsKilled() throws Exception {
        String address = scope.address("shm", "talk");
        try (ChildJvm child = ChildJvm.of(TalkPeer.class).args("serve", address).start()) {
            child.expect("listening");
            try (Requester<Question, Answer> requester = Requester.over(
                    Ipc.connect(address), Codec.ofRecord(Question.class), Codec.ofRecord(Answer.class))) {
                for (int i = 0; i < 500; i++) {
                    Question question = new Question(i, "how?");
                    assertEquals(TalkPeer.answer(question), requester.request(question, PATIENCE));
                }
                List<CompletableFuture<Answer>> futures = new ArrayList<>();
                for (int i = 0; i < 500; i++) {
                    futures.add(requester.requestAsync(new Question(i, "when?")));
                }
                for (int i = 0; i < 500; i++) {
                    assertEquals(i, futures.get(i).get(20, TimeUnit.SECONDS).number());
                }
                CompletableFuture<Answer> never = requester.requestAsync(new Question(-1, ""));
                requester.request(new Question(1, "is it pending?"), PATIENCE);
                long killed = System.nanoTime();
                child.kill();
                PeerDiedException told = assertInstanceOf(PeerDiedException.class,
                        assertThrows(ExecutionException.class, () -> never.get(20, TimeUnit.SECONDS)).getCause());
                assertTrue(told.getMessage().contains("pid " + child.pid()), told.getMessage());
                assertTrue(System.nanoTime() - killed < TimeUnit.SECONDS.toNanos(5), "it took too long");
                assertThrows(PeerDiedException.class, () -> requester.request(new Question(2, ""), PATIENCE));
            }
        }
    }

    @Test
    void shouldAskTheNextReplierIfPeersAreWaitedFor() throws Exception {
        String address = scope.address("shm", "next") + "?peerDeath=wait";
        try (Requester<Question, Answer> requester = Requester.over(Ipc.connect(
                address, Codec.ofRecord(Question.class), Codec.ofRecord(Answer.class)))) {
            for (int i = 0; i < 2; i++) {
                try (ChildJvm child = ChildJvm.of(TalkPeer.class).args("serve", address).start()) {
                    Question question = new Question(i, "who is it?");
                    assertEquals(TalkPeer.answer(question), requester.request(question, PATIENCE));
                    CompletableFuture<Answer> never = requester.requestAsync(new Question(-1, ""));
                    child.kill();
                    assertEquals(child.pid(), assertInstanceOf(PeerDiedException.class,
                            assertThrows(ExecutionException.class, () -> never.get(20, TimeUnit.SECONDS)).getCause())
                                    .peer().pid());
                }
            }
        }
    }

    @Test
    void shouldCompareTypesAlsoIfTheCreatorHadNone() {
        String address = scope.address("shm", "late") + "?ring=mpsc";
        try (Receiver creator = Ipc.receiver(address);
                TypedSender<Question> first = Ipc.sender(address, Codec.ofRecord(Question.class))) {
            IncompatibleChannelException differs = assertThrows(IncompatibleChannelException.class,
                    () -> Ipc.sender(address, Codec.ofRecord(Answer.class)));
            assertTrue(differs.getMessage().contains("record Question(long number,string text)"), differs.getMessage());
            assertEquals(creator.address().name(), first.address().name());
        }
    }

    @Test
    void shouldCollectFromAnArrayOfChannelsAndNameTypesThatDiffer() throws Exception {
        String address = scope.address("shm", "array");
        try (ChannelArray<Question> channels = Ipc.array(address, 2, Question.class)) {
            List<TypedReceiver<Question>> receivers = channels.receivers();
            IncompatibleChannelException differs = assertThrows(IncompatibleChannelException.class,
                    () -> Ipc.sender(channels.address(0), Codec.ofRecord(Answer.class)));
            assertTrue(differs.getMessage().contains("record Question(long number,string text)"), differs.getMessage());
            assertTrue(differs.getMessage().contains("record Answer(long number,"), differs.getMessage());
            try (ChildJvm first = ChildJvm.of(TalkPeer.class).args("array", address, 0).start();
                    ChildJvm second = ChildJvm.of(TalkPeer.class).args("array", address, 1).start()) {
                for (TypedReceiver<Question> receiver : receivers) {
                    long next = 0;
                    for (Question question : receiver.range()) {
                        assertEquals(new Question(next++, "worker " + receivers.indexOf(receiver)), question);
                    }
                    assertEquals(1_000, next);
                }
                assertEquals(0, first.awaitExit());
                assertEquals(0, second.awaitExit());
            }
        }
    }
}
