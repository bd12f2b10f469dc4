/*
 * Two processes take a pthread mutex in shared memory, again and again, and count under it. Without -DHANDOVER each
 * counts whenever it has the mutex, with it only if it is its turn, so that the mutex has to go to and fro. The mutex is
 * the default one between processes; with -DROBUST it tells of dead owners.
 *
 *   lock WARM-UP SECTIONS CPU CPU
 */
#include "common.h"
#include <errno.h>
#include <pthread.h>

struct shared {
    pthread_mutex_t mutex;
    char apart[LINE];
    /* What the mutex protects. */
    uint64_t counter;
    uint64_t turn;
    char apart_too[LINE];
    _Atomic uint64_t arrived;
    uint64_t own[2];
    int64_t start[2];
    int64_t end[2];
};

static void take(pthread_mutex_t *mutex) {
    if (pthread_mutex_lock(mutex) != 0) {
        fail("pthread_mutex_lock");
    }
}

static void give_back(pthread_mutex_t *mutex) {
    if (pthread_mutex_unlock(mutex) != 0) {
        fail("pthread_mutex_unlock");
    }
}

/* Both are here. */
static void meet(struct shared *shared, uint64_t times) {
    atomic_fetch_add(&shared->arrived, 1);
    while (atomic_load(&shared->arrived) < 2 * times) {
        relax();
    }
}

static void count(struct shared *shared, uint64_t side, uint64_t sections) {
    uint64_t own = 0;
    uint64_t before;
    shared->start[side] = now();
    do {
        take(&shared->mutex);
        before = shared->counter;
#ifdef HANDOVER
        if (before < sections && shared->turn == side) {
            shared->turn = 1 - side;
#else
        if (before < sections) {
#endif
            shared->counter = before + 1;
            own++;
        }
        give_back(&shared->mutex);
    } while (before < sections);
    shared->end[side] = now();
    shared->own[side] = own;
}

static void run(struct shared *shared, uint64_t side, uint64_t warmup, uint64_t sections) {
    meet(shared, 1);
    count(shared, side, warmup);
    meet(shared, 2);
    if (side == 0) {
        shared->counter = 0;
        shared->turn = 0;
    }
    meet(shared, 3);
    count(shared, side, sections);
    meet(shared, 4);
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "lock WARM-UP SECTIONS CPU CPU\n");
        return 2;
    }
    uint64_t warmup = strtoull(argv[1], NULL, 10);
    uint64_t sections = strtoull(argv[2], NULL, 10);
    struct shared *shared = share_memory(sizeof *shared);
    pthread_mutexattr_t attributes;
    if (pthread_mutexattr_init(&attributes) != 0
            || pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) != 0
#ifdef ROBUST
            || pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST) != 0
#endif
            || pthread_mutex_init(&shared->mutex, &attributes) != 0) {
        fail("pthread_mutex_init");
    }
    pid_t child = split();
    if (child == 0) {
        pin(atoi(argv[4]));
        run(shared, 1, warmup, sections);
        _exit(0);
    }
    pin(atoi(argv[3]));
    run(shared, 0, warmup, sections);
    if (failed(child) || shared->counter != sections || shared->own[0] + shared->own[1] != sections) {
        fprintf(stderr, "sections were lost\n");
        return 1;
    }
    int64_t start = shared->start[0] < shared->start[1] ? shared->start[0] : shared->start[1];
    int64_t end = shared->end[0] > shared->end[1] ? shared->end[0] : shared->end[1];
    printf("sections=%" PRIu64 " nanos=%" PRId64 " own=%" PRIu64 "\n", sections, end - start, shared->own[0]);
    return 0;
}
