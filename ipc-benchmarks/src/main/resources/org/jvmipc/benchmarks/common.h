/* What both programs need: shared memory, pinning, the clock, and what stands in a message. */
#ifndef COMMON_H
#define COMMON_H

#define _GNU_SOURCE
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Bytes in a message, a multiple of 8; known to the compiler, which favours this side. */
#ifndef MESSAGE
#define MESSAGE 32
#endif
#define WORDS (MESSAGE / 8)

/*
 * Which words of a message are written and checked: all, or with -DFOUR four of them, as in the Java class Payload. Word
 * i of those that are is s + i * STEP; the others are copied along.
 */
#ifdef FOUR
#define CHECKED 4
#define WORD(i) ((i) == 3 ? WORDS - 1 : (i) * (MESSAGE / 4) / 8)
#else
#define CHECKED WORDS
#define WORD(i) (i)
#endif

/* Two cache lines, as the prefetcher fetches pairs. */
#define LINE 128

#define STEP 0x9E3779B97F4A7C15ull

static inline void relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb" ::: "memory");
#endif
}

static inline int64_t clock_nanos(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t) t.tv_sec * 1000000000 + t.tv_nsec;
}

static inline int64_t now(void) {
    return clock_nanos(CLOCK_MONOTONIC);
}

/* Which part of a time this thread had its CPU: less than nearly all means that others wanted it, too. */
struct share {
    int64_t wall;
    int64_t cpu;
};

static inline struct share share_begin(void) {
    struct share begin = {now(), clock_nanos(CLOCK_THREAD_CPUTIME_ID)};
    return begin;
}

static inline double share_since(struct share begin) {
    return (double) (clock_nanos(CLOCK_THREAD_CPUTIME_ID) - begin.cpu) / (double) (now() - begin.wall);
}

static inline double least(double a, double b) {
    return a < b ? a : b;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

/* A negative number leaves the process where it is. */
static void pin(int cpu) {
    if (cpu < 0) {
        return;
    }
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0) {
        fail("sched_setaffinity");
    }
}

/* Memory shared with children, all pages there. */
static void *share_memory(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory == MAP_FAILED) {
        fail("mmap");
    }
    return memory;
}

/* A child that does not outlive its parent. */
static pid_t split(void) {
    pid_t child = fork();
    if (child < 0) {
        fail("fork");
    }
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    }
    return child;
}

static int failed(pid_t child) {
    int status;
    return waitpid(child, &status, 0) != child || status != 0;
}

static inline int ascending(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *) a;
    uint32_t y = *(const uint32_t *) b;
    return x < y ? -1 : x > y;
}

static inline uint32_t *times(uint64_t count) {
    uint32_t *nanos = malloc((count + 1) * sizeof *nanos);
    if (nanos == NULL) {
        fail("malloc");
    }
    /* Touches the pages, so that no page fault is measured. */
    memset(nanos, 1, (count + 1) * sizeof *nanos);
    return nanos;
}

/* Sorts times and prints the points of their distribution that Java prints. */
static inline void print_points(const char *prefix, uint32_t *nanos, uint64_t count) {
    static const char *points[] = {"0", "10", "25", "50", "75", "90", "95", "99", "99.5", "99.9", "99.95", "99.99",
        "99.999", "100"};
    qsort(nanos, count, sizeof *nanos, ascending);
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        uint64_t at = (uint64_t) (atof(points[i]) / 100 * count);
        printf("%s%s=%" PRIu32 " ", prefix, points[i], nanos[at < count ? at : count - 1]);
    }
}

#endif
