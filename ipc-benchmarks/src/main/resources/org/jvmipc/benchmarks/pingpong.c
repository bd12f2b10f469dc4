/*
 * Two processes pass a message to and fro over two lines of shared memory, spinning: about the least that a round trip
 * can cost here. The sequence is the flag; the rest of the message is written before it and checked after it.
 *
 *   pingpong WARM-UP-TRIPS TRIPS CPU CPU
 */
#include "common.h"

#define BATCH 16

struct line {
    _Atomic uint64_t sequence;
    uint64_t rest[WORDS > LINE / 8 ? WORDS - 1 : LINE / 8 - 1];
};

static inline void put(struct line *line, uint64_t sequence) {
    for (int i = 1; i < WORDS; i++) {
        line->rest[i - 1] = sequence + i * STEP;
    }
    atomic_store_explicit(&line->sequence, sequence, memory_order_release);
}

/* Tells 0 if the message was the one expected. */
static inline uint64_t await(struct line *line, uint64_t sequence) {
    while (atomic_load_explicit(&line->sequence, memory_order_acquire) != sequence) {
        relax();
    }
    uint64_t wrong = 0;
    for (int i = 1; i < WORDS; i++) {
        wrong |= line->rest[i - 1] ^ (sequence + i * STEP);
    }
    return wrong;
}

static int ascending(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *) a;
    uint32_t y = *(const uint32_t *) b;
    return x < y ? -1 : x > y;
}

static int pong(struct line *there, struct line *back, uint64_t trips, double *busy) {
    struct share begin = share_begin();
    uint64_t wrong = 0;
    for (uint64_t s = 1; s <= trips; s++) {
        wrong |= await(there, s);
        /* Before the last answer, as nobody waits for what comes after it. */
        if (s == trips) {
            *busy = share_since(begin);
        }
        put(back, s);
    }
    return wrong != 0;
}

static int ping(struct line *there, struct line *back, uint64_t warmup, uint64_t trips, double *busy) {
    uint32_t *nanos = calloc(trips, sizeof *nanos);
    uint32_t *batches = calloc(trips / BATCH, sizeof *batches);
    if (nanos == NULL || batches == NULL) {
        fail("calloc");
    }
    /* Touches the pages, so that no page fault is measured. */
    memset(nanos, 1, trips * sizeof *nanos);
    uint64_t wrong = 0;
    struct share begin = share_begin();
    int64_t last = now();
    for (uint64_t s = 1; s <= warmup + trips; s++) {
        put(there, s);
        wrong |= await(back, s);
        int64_t time = now();
        if (s > warmup) {
            nanos[s - warmup - 1] = (uint32_t) (time - last);
        }
        last = time;
    }
    double share = least(*busy, share_since(begin));
    for (uint64_t i = 0; i < trips / BATCH * BATCH; i++) {
        batches[i / BATCH] += nanos[i];
    }
    qsort(nanos, trips, sizeof *nanos, ascending);
    qsort(batches, trips / BATCH, sizeof *batches, ascending);
    printf("trips=%" PRIu64 " median=%" PRIu32 " p99=%" PRIu32 " batched=%.2f busy=%.3f\n", trips,
            nanos[trips / 2], nanos[trips / 100 * 99], batches[trips / BATCH / 2] / (double) BATCH, share);
    return wrong != 0;
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "pingpong WARM-UP-TRIPS TRIPS CPU CPU\n");
        return 2;
    }
    uint64_t warmup = strtoull(argv[1], NULL, 10);
    uint64_t trips = strtoull(argv[2], NULL, 10);
    struct line *lines = share_memory(2 * sizeof *lines);
    double *busy = share_memory(sizeof *busy);
    pid_t child = split();
    if (child == 0) {
        pin(atoi(argv[4]));
        _exit(pong(&lines[0], &lines[1], warmup + trips, busy));
    }
    pin(atoi(argv[3]));
    int wrong = ping(&lines[0], &lines[1], warmup, trips, busy);
    if (failed(child) || wrong) {
        fprintf(stderr, "a message was not what had been sent\n");
        return 1;
    }
    return 0;
}
