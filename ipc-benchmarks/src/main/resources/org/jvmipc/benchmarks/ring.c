/*
 * A ring of messages between two processes: one producer, one consumer, each with the position it writes on a line of
 * its own and a copy of the other's position, which it refreshes only when it runs out. All calls can be inlined and
 * the message's size is a constant.
 *
 * With -DRECORDS messages have a length before them and may be of any length, as in the Java ring; without, the ring
 * consists of slots of the one size.
 *
 *   ring CAPACITY WARM-UP-MILLIS MILLIS CPU CPU
 */
#include "common.h"

#ifdef RECORDS
#define HEADER 8
/* Each wait loop is the one that was faster with its kind of ring. */
#define IDLE() relax()
#else
#define HEADER 0
#define IDLE() ((void) 0)
#endif

/* How many messages between two looks at the clock. */
#define STRIDE (MESSAGE < 4096 ? 4096 : 64)

struct ring {
    _Alignas(LINE) _Atomic uint64_t tail;
    _Alignas(LINE) _Atomic uint64_t head;
    _Alignas(LINE) char data[];
};

/* Positions count bytes since the beginning. */
struct producer {
    struct ring *ring;
    uint64_t capacity;
    uint64_t tail;
    uint64_t head_seen;
};

struct consumer {
    struct ring *ring;
    uint64_t capacity;
    uint64_t head;
    uint64_t tail_seen;
};

/* Slots are a power of two, so that a whole number of them fills the ring. */
static inline uint64_t size_of(uint64_t length) {
    if (HEADER == 0) {
        return length <= 8 ? 8 : 1ull << (64 - __builtin_clzll(length - 1));
    }
    return HEADER + ((length + 7) & ~7ull);
}

static inline int offer(struct producer *p, const void *message, uint64_t length) {
    uint64_t offset = p->tail & (p->capacity - 1);
    uint64_t padding = HEADER != 0 && offset + size_of(length) > p->capacity ? p->capacity - offset : 0;
    uint64_t end = p->tail + padding + size_of(length);
    if (end - p->head_seen > p->capacity) {
        p->head_seen = atomic_load_explicit(&p->ring->head, memory_order_acquire);
        if (end - p->head_seen > p->capacity) {
            return 0;
        }
    }
    if (padding != 0) {
        *(int64_t *) (p->ring->data + offset) = -(int64_t) padding;
        offset = 0;
    }
    if (HEADER != 0) {
        *(int64_t *) (p->ring->data + offset) = (int64_t) length;
    }
    memcpy(p->ring->data + offset + HEADER, message, length);
    p->tail = end;
    atomic_store_explicit(&p->ring->tail, end, memory_order_release);
    return 1;
}

/* The next message, in place, and its length; NULL if there is none. */
static inline const char *peek(struct consumer *c, uint64_t *length) {
    if (c->head == c->tail_seen) {
        c->tail_seen = atomic_load_explicit(&c->ring->tail, memory_order_acquire);
        if (c->head == c->tail_seen) {
            return NULL;
        }
    }
    uint64_t offset = c->head & (c->capacity - 1);
    if (HEADER == 0) {
        *length = MESSAGE;
        return c->ring->data + offset;
    }
    int64_t word = *(int64_t *) (c->ring->data + offset);
    if (word < 0) {
        c->head += (uint64_t) -word;
        offset = 0;
        word = *(int64_t *) c->ring->data;
    }
    *length = (uint64_t) word;
    return c->ring->data + offset + HEADER;
}

static inline void take(struct consumer *c, uint64_t length) {
    c->head += size_of(length);
    atomic_store_explicit(&c->ring->head, c->head, memory_order_release);
}

/* What the sides tell each other beside the ring. */
struct control {
    _Alignas(LINE) atomic_bool stop;
    _Alignas(LINE) double busy;
};

static inline int is_stopped(struct control *control) {
    return atomic_load_explicit(&control->stop, memory_order_relaxed);
}

/* Sends until the consumer has had enough. */
static void produce(struct ring *ring, uint64_t capacity, struct control *control) {
    struct share begin = share_begin();
    struct producer p = {.ring = ring, .capacity = capacity};
    uint64_t message[WORDS];
    memset(message, 7, sizeof message);
    for (uint64_t s = 1; s % STRIDE != 0 || !is_stopped(control); s++) {
        for (int i = 0; i < CHECKED; i++) {
            message[WORD(i)] = s + i * STEP;
        }
        while (!offer(&p, message, MESSAGE)) {
            if (is_stopped(control)) {
                break;
            }
            IDLE();
        }
    }
    control->busy = share_since(begin);
}

/* Whether a message is the one expected. */
static inline int is_sound(const uint64_t *words, uint64_t length, uint64_t sequence) {
    uint64_t wrong = length ^ MESSAGE;
    for (int i = 0; i < CHECKED; i++) {
        wrong |= words[WORD(i)] ^ (sequence + i * STEP);
    }
    return wrong == 0;
}

struct result {
    uint64_t messages;
    int64_t nanos;
    uint64_t verified;
    double busy;
};

static struct result consume(struct ring *ring, uint64_t capacity, int64_t warmup, int64_t measured) {
    struct consumer c = {.ring = ring, .capacity = capacity};
    struct share begin = {0, 0};
    int64_t first = 0;
    uint64_t before = 0;
    for (uint64_t expected = 1; ; expected++) {
        uint64_t length;
        const char *message;
        while ((message = peek(&c, &length)) == NULL) {
            IDLE();
        }
        int sound = is_sound((const uint64_t *) message, length, expected);
        take(&c, length);
        if (!sound) {
            fprintf(stderr, "message %" PRIu64 " was lost or changed\n", expected);
            exit(1);
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
            struct result result = {expected - before, time - begin.wall, expected, share_since(begin)};
            return result;
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 6) {
        fprintf(stderr, "ring CAPACITY WARM-UP-MILLIS MILLIS CPU CPU\n");
        return 2;
    }
    uint64_t capacity = strtoull(argv[1], NULL, 10);
    int64_t warmup = strtoll(argv[2], NULL, 10) * 1000000;
    int64_t measured = strtoll(argv[3], NULL, 10) * 1000000;
    struct ring *ring = share_memory(sizeof *ring + capacity);
    struct control *control = share_memory(sizeof *control);
    pid_t child = split();
    if (child == 0) {
        pin(atoi(argv[4]));
        produce(ring, capacity, control);
        _exit(0);
    }
    pin(atoi(argv[5]));
    struct result result = consume(ring, capacity, warmup, measured);
    atomic_store(&control->stop, 1);
    if (failed(child)) {
        fprintf(stderr, "the producer failed\n");
        return 1;
    }
    printf("messages=%" PRIu64 " nanos=%" PRId64 " verified=%" PRIu64 " busy=%.3f\n", result.messages, result.nanos,
            result.verified, least(result.busy, control->busy));
    return 0;
}
