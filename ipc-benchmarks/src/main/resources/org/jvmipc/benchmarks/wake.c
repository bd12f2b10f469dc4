/*
 * A process sleeps on a futex: how soon it runs after it has slept for 1 ms and another one wakes it, or, if it is never
 * woken, what CPU time it uses. The same as in the Java class Sleeping.
 *
 *   wake WAKINGS IDLE-MILLIS CPU CPU
 */
#include "common.h"
#include <linux/futex.h>
#include <sys/syscall.h>

#define PAUSE_NANOS 1000000
#define WARMUP_PAUSE_NANOS (PAUSE_NANOS / 10)

/* Wake-ups before those that are measured, in quick succession: as many as a JVM is given for its compiler. */
static uint32_t warmup(uint32_t wakings) {
    return wakings < 500 ? 30 * wakings : 15000;
}

struct shared {
    _Alignas(LINE) _Atomic uint32_t count;
    _Atomic int64_t sent;
};

static void futex(_Atomic uint32_t *word, int operation, uint32_t value) {
    syscall(SYS_futex, word, operation, value, NULL, NULL, 0);
}

static void wake(struct shared *shared, uint32_t count) {
    atomic_store(&shared->sent, now());
    atomic_store(&shared->count, count);
    futex(&shared->count, FUTEX_WAKE, 1);
}

static void await(struct shared *shared, uint32_t count) {
    uint32_t seen;
    while ((seen = atomic_load(&shared->count)) < count) {
        futex(&shared->count, FUTEX_WAIT, seen);
    }
}

static void measure_wakings(struct shared *shared, uint32_t wakings) {
    uint32_t all = warmup(wakings) + wakings;
    uint32_t *nanos = times(all);
    for (uint32_t i = 1; i <= all; i++) {
        await(shared, i);
        nanos[i - 1] = (uint32_t) (now() - atomic_load(&shared->sent));
    }
    uint32_t before = warmup(wakings) + wakings / 5;
    print_points("w", nanos + before, all - before);
    printf("wakings=%" PRIu32 "\n", wakings);
}

static void measure_idling(struct shared *shared) {
    int64_t wall = now();
    int64_t cpu = clock_nanos(CLOCK_PROCESS_CPUTIME_ID);
    await(shared, 1);
    printf("idle=%.6f\n", 10.0 * (double) (clock_nanos(CLOCK_PROCESS_CPUTIME_ID) - cpu) / (double) (now() - wall));
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "wake WAKINGS IDLE-MILLIS CPU CPU\n");
        return 2;
    }
    uint32_t wakings = (uint32_t) strtoul(argv[1], NULL, 10);
    int64_t idle = strtoll(argv[2], NULL, 10) * 1000000;
    struct shared *shared = share_memory(sizeof *shared);
    pid_t child = split();
    if (child == 0) {
        pin(atoi(argv[4]));
        if (wakings > 0) {
            measure_wakings(shared, wakings);
        } else {
            measure_idling(shared);
        }
        exit(0);
    }
    pin(atoi(argv[3]));
    if (wakings == 0) {
        struct timespec time = {idle / 1000000000, idle % 1000000000};
        nanosleep(&time, NULL);
        wake(shared, 1);
    }
    for (uint32_t i = 1; i <= warmup(wakings) + wakings; i++) {
        int64_t begin = now();
        while (now() - begin < (i <= warmup(wakings) ? WARMUP_PAUSE_NANOS : PAUSE_NANOS)) {
            relax();
        }
        wake(shared, i);
    }
    if (failed(child)) {
        fprintf(stderr, "the sleeper failed\n");
        return 1;
    }
    return 0;
}
