/*
 * Two processes that send each other signals: round trips of a standard signal and its handler, and of a real-time signal
 * with a number that is waited for. The same as in the Java class SignalRoundTrips. Prints the median and the 99th
 * percentile in nanoseconds.
 *
 *   signal 0|1 ROUNDS WARM-UP     (0 for handlers, 1 for queued ones)
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t came;
static sigset_t open_mask, queued;

static void handler(int signal) {
    came = signal;
}

static void await_handler(void) {
    while (!came) {
        sigsuspend(&open_mask);
    }
    came = 0;
}

static int await_queued(void) {
    siginfo_t info;
    while (sigwaitinfo(&queued, &info) < 0) {
    }
    return info.si_value.sival_int;
}

static void queue(pid_t to, int number) {
    union sigval value = {.sival_int = number};
    if (sigqueue(to, SIGRTMIN + 1, value) != 0) {
        perror("sigqueue");
        exit(1);
    }
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static int compare(const void *a, const void *b) {
    int64_t x = *(const int64_t *) a, y = *(const int64_t *) b;
    return (x > y) - (x < y);
}

static void answer(int handled, pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
        if (handled) {
            await_handler();
            kill(parent, SIGUSR1);
        } else {
            queue(parent, await_queued() + 1);
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 4) {
        return 2;
    }
    int handled = atoi(argv[1]) == 0;
    int rounds = atoi(argv[2]), warm_up = atoi(argv[3]);
    sigset_t blocked;
    sigemptyset(&queued);
    sigaddset(&queued, SIGRTMIN + 1);
    blocked = queued;
    sigaddset(&blocked, SIGUSR1);
    sigprocmask(SIG_BLOCK, &blocked, &open_mask);
    struct sigaction action = {.sa_handler = handler};
    sigaction(SIGUSR1, &action, NULL);
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        answer(handled, parent);
    }
    int64_t *nanos = malloc(sizeof *nanos * rounds);
    for (int i = -warm_up; i < rounds; i++) {
        int64_t start = now();
        if (handled) {
            kill(child, SIGUSR1);
            await_handler();
        } else {
            queue(child, i);
            if (await_queued() != i + 1) {
                fprintf(stderr, "another number came\n");
                return 1;
            }
        }
        if (i >= 0) {
            nanos[i] = now() - start;
        }
    }
    kill(child, SIGKILL);
    qsort(nanos, rounds, sizeof *nanos, compare);
    printf("median=%lld p99=%lld\n", (long long) nanos[rounds / 2], (long long) nanos[rounds * 99LL / 100]);
    return 0;
}
