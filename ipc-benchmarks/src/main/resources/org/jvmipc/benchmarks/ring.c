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
#define STRIDE 4096

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

static int produce(struct ring *ring, uint64_t capacity, int64_t nanos) {
    struct producer p = {.ring = ring, .capacity = capacity};
    uint64_t message[WORDS];
    int64_t end = now() + nanos;
    for (uint64_t s = 1; ; s++) {
        uint64_t sequence = s % STRIDE == 0 && now() > end ? LAST : s;
        for (int i = 0; i < WORDS; i++) {
            message[i] = sequence + i * STEP;
        }
        while (!offer(&p, message, MESSAGE)) {
            IDLE();
        }
        if (sequence == LAST) {
            return 0;
        }
    }
}

/* Whether all words of a message follow from its sequence. */
static inline int is_sound(const uint64_t *words, uint64_t length) {
    uint64_t wrong = length ^ MESSAGE;
    for (int i = 1; i < WORDS; i++) {
        wrong |= words[i] ^ (words[0] + i * STEP);
    }
    return wrong == 0;
}

static int consume(struct ring *ring, uint64_t capacity, int64_t warmup) {
    struct consumer c = {.ring = ring, .capacity = capacity};
    int64_t first = 0;
    int64_t begin = 0;
    uint64_t expected = 1;
    uint64_t before = 0;
    for (;;) {
        uint64_t length;
        const char *message;
        while ((message = peek(&c, &length)) == NULL) {
            IDLE();
        }
        const uint64_t *words = (const uint64_t *) message;
        uint64_t sequence = words[0];
        int sound = is_sound(words, length);
        take(&c, length);
        if (sequence != expected || !sound) {
            if (sequence == LAST && sound) {
                break;
            }
            fprintf(stderr, "message %" PRIu64 " came as %" PRIu64 ", changed: %d\n", expected, sequence, !sound);
            return 1;
        }
        if (begin == 0 && sequence % STRIDE == 0) {
            int64_t time = now();
            if (first == 0) {
                first = time;
            } else if (time - first >= warmup) {
                begin = time;
                before = sequence;
            }
        }
        expected++;
    }
    printf("messages=%" PRIu64 " nanos=%" PRId64 " verified=%" PRIu64 "\n", begin == 0 ? 0 : expected - 1 - before,
            begin == 0 ? 0 : now() - begin, expected - 1);
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 6) {
        fprintf(stderr, "ring CAPACITY WARM-UP-MILLIS MILLIS CPU CPU\n");
        return 2;
    }
    uint64_t capacity = strtoull(argv[1], NULL, 10);
    int64_t warmup = strtoll(argv[2], NULL, 10) * 1000000;
    int64_t measured = strtoll(argv[3], NULL, 10) * 1000000;
    struct ring *ring = share(sizeof *ring + capacity);
    pid_t child = split();
    if (child == 0) {
        pin(atoi(argv[4]));
        _exit(produce(ring, capacity, warmup + measured));
    }
    pin(atoi(argv[5]));
    int wrong = consume(ring, capacity, warmup);
    return failed(child) || wrong;
}
