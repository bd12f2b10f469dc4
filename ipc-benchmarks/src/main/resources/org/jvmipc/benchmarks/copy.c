/*
 * Copies messages within one process and its caches: about the most that a copying transport can reach on one CPU.
 *
 *   copy WARM-UP-MILLIS MILLIS CPU
 */
#include "common.h"

#define ROOM (1 << 18)
#define SLOTS (MESSAGE < ROOM ? ROOM / MESSAGE : 1)
#define STRIDE 64

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "copy WARM-UP-MILLIS MILLIS CPU\n");
        return 2;
    }
    int64_t warmup = strtoll(argv[1], NULL, 10) * 1000000;
    int64_t measured = strtoll(argv[2], NULL, 10) * 1000000;
    pin(atoi(argv[3]));
    uint64_t *message = share_memory(MESSAGE);
    char *room = share_memory((size_t) SLOTS * MESSAGE);
    struct share begin = {0, 0};
    int64_t first = now();
    uint64_t before = 0;
    for (uint64_t count = 1; ; count++) {
        message[0] = count;
        memcpy(room + count % SLOTS * MESSAGE, message, MESSAGE);
        /* What was copied might be read by anybody. */
        __asm__ volatile("" ::: "memory");
        if (count % STRIDE != 0) {
            continue;
        }
        int64_t time = now();
        if (begin.wall == 0 && time - first >= warmup) {
            begin = share_begin();
            before = count;
        } else if (begin.wall != 0 && time - begin.wall >= measured) {
            printf("messages=%" PRIu64 " nanos=%" PRId64 " busy=%.3f\n", count - before, time - begin.wall,
                    share_since(begin));
            return 0;
        }
    }
}
