/*
 * Messages through a queue of the kernel between two processes, by calls that block: one direction, or to and fro over
 * two queues. The queues are those of System V with -DSYSV, else those of POSIX, with what the kernel gives by default.
 *
 *   queue 0 WARM-UP-MILLIS MILLIS CPU CPU
 *   queue 1 WARM-UP-TRIPS TRIPS RATE TRIPS-AT-RATE CPU CPU
 */
#include "common.h"
#ifdef SYSV
#include <sys/ipc.h>
#include <sys/msg.h>
#else
#include <fcntl.h>
#include <mqueue.h>
#include <sys/stat.h>
#endif

#define BATCH 16
/* How many messages between two looks at the clock. */
#define STRIDE (MESSAGE < 4096 ? 4096 : 64)

struct message {
    long type;
    uint64_t words[WORDS];
};

static int queues[2] = {-1, -1};

#ifdef SYSV

static void open_queue(int which) {
    queues[which] = msgget(IPC_PRIVATE, 0600);
    if (queues[which] < 0) {
        fail("msgget");
    }
}

static void remove_queues(void) {
    for (int i = 0; i < 2; i++) {
        if (queues[i] >= 0) {
            msgctl(queues[i], IPC_RMID, NULL);
        }
    }
}

static inline void put(int queue, struct message *message) {
    message->type = 1;
    if (msgsnd(queue, message, sizeof message->words, 0) != 0) {
        fail("msgsnd");
    }
}

static inline uint64_t take(int queue, struct message *message) {
    ssize_t length = msgrcv(queue, message, sizeof message->words, 0, 0);
    if (length < 0) {
        fail("msgrcv");
    }
    return (uint64_t) length;
}

#else

/* The kernel wants as much room as a message might have. */
#define ROOM 8192

static void open_queue(int which) {
    char name[64];
    snprintf(name, sizeof name, "/jvmipc-bench-%ld-%d", (long) getpid(), which);
    queues[which] = mq_open(name, O_CREAT | O_EXCL | O_RDWR, 0600, NULL);
    if (queues[which] < 0) {
        fail("mq_open");
    }
    /* A child has it, too, and nobody else needs the name. */
    mq_unlink(name);
}

static void remove_queues(void) {
}

static inline void put(int queue, struct message *message) {
    if (mq_send(queue, (const char *) message->words, sizeof message->words, 0) != 0) {
        fail("mq_send");
    }
}

static inline uint64_t take(int queue, struct message *message) {
    char room[ROOM];
    ssize_t length = mq_receive(queue, room, sizeof room, NULL);
    if (length < 0) {
        fail("mq_receive");
    }
    memcpy(message->words, room, (size_t) length < sizeof message->words ? (size_t) length : sizeof message->words);
    return (uint64_t) length;
}

#endif

static void end(int signal) {
    (void) signal;
    remove_queues();
    _exit(1);
}

static inline void fill(struct message *message, uint64_t sequence) {
    for (int i = 0; i < CHECKED; i++) {
        message->words[WORD(i)] = sequence + i * STEP;
    }
}

static inline uint64_t wrong(const struct message *message, uint64_t length, uint64_t sequence) {
    uint64_t wrong = length ^ MESSAGE;
    for (int i = 0; i < CHECKED; i++) {
        wrong |= message->words[WORD(i)] ^ (sequence + i * STEP);
    }
    return wrong;
}

/* Until it is killed. */
static void produce(void) {
    struct message message;
    memset(&message, 7, sizeof message);
    for (uint64_t s = 1;; s++) {
        fill(&message, s);
        put(queues[0], &message);
    }
}

static void consume(int64_t warmup, int64_t measured) {
    struct message message;
    struct share begin = {0, 0};
    int64_t first = 0;
    uint64_t before = 0;
    for (uint64_t expected = 1;; expected++) {
        if (wrong(&message, take(queues[0], &message), expected)) {
            fprintf(stderr, "message %" PRIu64 " was lost or changed\n", expected);
            end(0);
        }
        if (expected % STRIDE != 0) {
            continue;
        }
        int64_t time = now();
        if (first == 0) {
            first = time;
        } else if (begin.wall == 0 && time - first >= warmup) {
            begin = share_begin();
            before = expected;
        } else if (begin.wall != 0 && time - begin.wall >= measured) {
            printf("messages=%" PRIu64 " nanos=%" PRId64 " verified=%" PRIu64 " busy=%.3f\n", expected - before,
                    time - begin.wall, expected, share_since(begin));
            return;
        }
    }
}

static void pong(uint64_t trips) {
    struct message message;
    for (uint64_t s = 1; s <= trips; s++) {
        uint64_t length = take(queues[0], &message);
        if (wrong(&message, length, s)) {
            _exit(1);
        }
        put(queues[1], &message);
    }
}

static uint64_t trip(struct message *message, uint64_t sequence) {
    fill(message, sequence);
    put(queues[0], message);
    uint64_t length = take(queues[1], message);
    return wrong(message, length, sequence);
}

static int ping(uint64_t warmup, uint64_t trips, uint64_t rate, uint64_t trips_at_rate) {
    uint32_t *nanos = times(trips);
    uint32_t *at_rate = times(trips_at_rate);
    uint32_t *batches = times(trips / BATCH);
    uint64_t bad = 0;
    struct message message;
    memset(&message, 7, sizeof message);
    struct share begin = share_begin();
    int64_t last = now();
    for (uint64_t s = 1; s <= warmup + trips; s++) {
        bad |= trip(&message, s);
        int64_t time = now();
        if (s > warmup) {
            nanos[s - warmup - 1] = (uint32_t) (time - last);
        }
        last = time;
    }
    int64_t start = now();
    for (uint64_t i = 1; i <= trips_at_rate; i++) {
        int64_t intended = start + (int64_t) (i * (1000000000 / rate));
        while (now() < intended) {
            relax();
        }
        bad |= trip(&message, warmup + trips + i);
        at_rate[i - 1] = (uint32_t) (now() - intended);
    }
    double share = share_since(begin);
    for (uint64_t i = 0; i < trips / BATCH; i++) {
        batches[i] = 0;
        for (int j = 0; j < BATCH; j++) {
            batches[i] += nanos[i * BATCH + j];
        }
    }
    qsort(batches, trips / BATCH, sizeof *batches, ascending);
    print_points("p", nanos, trips);
    if (trips_at_rate > 0) {
        print_points("r", at_rate, trips_at_rate);
    }
    printf("trips=%" PRIu64 " median=%" PRIu32 " batched=%.2f busy=%.3f\n", trips, nanos[trips / 2],
            batches[trips / BATCH / 2] / (double) BATCH, share);
    return bad != 0;
}

int main(int argc, char **argv) {
    int both = argc > 1 && atoi(argv[1]) == 1;
    if (argc != (both ? 8 : 6)) {
        fprintf(stderr, "queue 0 WARM-UP-MILLIS MILLIS CPU CPU\nqueue 1 WARM-UP-TRIPS TRIPS RATE TRIPS-AT-RATE CPU CPU\n");
        return 2;
    }
    signal(SIGTERM, end);
    signal(SIGINT, end);
    open_queue(0);
    open_queue(1);
    uint64_t warmup = strtoull(argv[2], NULL, 10);
    uint64_t measured = strtoull(argv[3], NULL, 10);
    uint64_t rate = both ? strtoull(argv[4], NULL, 10) : 0;
    uint64_t at_rate = rate == 0 ? 0 : strtoull(argv[5], NULL, 10);
    pid_t child = split();
    if (child == 0) {
        signal(SIGTERM, SIG_DFL);
        signal(SIGINT, SIG_DFL);
        pin(atoi(argv[both ? 7 : 4]));
        if (both) {
            pong(warmup + measured + at_rate);
        } else {
            produce();
        }
        _exit(0);
    }
    pin(atoi(argv[both ? 6 : 5]));
    int bad = 0;
    if (both) {
        bad = ping(warmup, measured, rate, at_rate) || failed(child);
    } else {
        consume((int64_t) warmup * 1000000, (int64_t) measured * 1000000);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    remove_queues();
    if (bad) {
        fprintf(stderr, "a message was not what had been sent\n");
    }
    return bad;
}
