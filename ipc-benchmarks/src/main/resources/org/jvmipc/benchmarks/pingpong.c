/*
 * Two processes pass a message to and fro over two lines of shared memory, spinning: about the least that a round trip
 * can cost here. The sequence is the flag; the rest of the message is written before it and checked after it.
 *
 * Measured first one after the other, and then, if a rate is given, at that rate: the time of each trip then counts from
 * when it should have started.
 *
 *   pingpong WARM-UP-TRIPS TRIPS RATE TRIPS-AT-RATE CPU CPU
 */
#include "common.h"

#define BATCH 16

struct line {
    _Atomic uint64_t sequence;
    uint64_t rest[WORDS > LINE / 8 ? WORDS - 1 : LINE / 8 - 1];
};

static inline void put(struct line *line, uint64_t sequence) {
    for (int i = 1; i < CHECKED; i++) {
        line->rest[WORD(i) - 1] = sequence + i * STEP;
    }
    atomic_store_explicit(&line->sequence, sequence, memory_order_release);
}

/* Tells 0 if the message was the one expected. */
static inline uint64_t await(struct line *line, uint64_t sequence) {
    while (atomic_load_explicit(&line->sequence, memory_order_acquire) != sequence) {
        relax();
    }
    uint64_t wrong = 0;
    for (int i = 1; i < CHECKED; i++) {
        wrong |= line->rest[WORD(i) - 1] ^ (sequence + i * STEP);
    }
    return wrong;
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

static uint64_t trip(struct line *there, struct line *back, uint64_t sequence) {
    put(there, sequence);
    return await(back, sequence);
}

static int ping(struct line *there, struct line *back, uint64_t warmup, uint64_t trips, uint64_t rate,
        uint64_t trips_at_rate, double *busy) {
    uint32_t *nanos = times(trips);
    uint32_t *at_rate = times(trips_at_rate);
    uint32_t *batches = times(trips / BATCH);
    uint64_t wrong = 0;
    struct share begin = share_begin();
    int64_t last = now();
    for (uint64_t s = 1; s <= warmup + trips; s++) {
        wrong |= trip(there, back, s);
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
        wrong |= trip(there, back, warmup + trips + i);
        at_rate[i - 1] = (uint32_t) (now() - intended);
    }
    double share = least(*busy, share_since(begin));
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
    printf("trips=%" PRIu64 " median=%" PRIu32 " batched=%.2f busy=%.3f\n", trips,
            nanos[trips / 2], batches[trips / BATCH / 2] / (double) BATCH, share);
    return wrong != 0;
}

int main(int argc, char **argv) {
    if (argc != 7) {
        fprintf(stderr, "pingpong WARM-UP-TRIPS TRIPS RATE TRIPS-AT-RATE CPU CPU\n");
        return 2;
    }
    uint64_t warmup = strtoull(argv[1], NULL, 10);
    uint64_t trips = strtoull(argv[2], NULL, 10);
    uint64_t rate = strtoull(argv[3], NULL, 10);
    uint64_t trips_at_rate = rate == 0 ? 0 : strtoull(argv[4], NULL, 10);
    struct line *lines = share_memory(2 * sizeof *lines);
    double *busy = share_memory(sizeof *busy);
    pid_t child = split();
    if (child == 0) {
        pin(atoi(argv[6]));
        _exit(pong(&lines[0], &lines[1], warmup + trips + trips_at_rate, busy));
    }
    pin(atoi(argv[5]));
    int wrong = ping(&lines[0], &lines[1], warmup, trips, rate, trips_at_rate, busy);
    if (failed(child) || wrong) {
        fprintf(stderr, "a message was not what had been sent\n");
        return 1;
    }
    return 0;
}
