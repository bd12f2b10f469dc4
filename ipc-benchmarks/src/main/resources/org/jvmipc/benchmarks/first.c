/*
 * One message from a process that runs to one that is just being started.
 *
 *   first send SCHEME NAME       makes the channel, says "ready", sends, and waits until the message is taken if it must
 *   first receive SCHEME NAME    opens it, receives, removes it, and tells when: opening=NANOS first=NANOS
 *
 * SCHEME is posixmq, sysvmq (NAME is the key), shm, or with a path as NAME unix or fifo.
 */
#include "common.h"
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

/* The kernel wants as much room as a message in a POSIX queue might have. */
#define ROOM 8192

struct message {
    long type;
    uint64_t words[WORDS];
};

struct shared {
    _Atomic uint32_t full;
    uint64_t words[WORDS];
};

static void ready(void) {
    puts("ready");
    fflush(stdout);
}

static void check(int result, const char *what) {
    if (result < 0) {
        fail(what);
    }
}

static int socket_at(const char *path, struct sockaddr_un *address) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    strncpy(address->sun_path, path, sizeof address->sun_path - 1);
    int result = socket(AF_UNIX, SOCK_STREAM, 0);
    check(result, "socket");
    return result;
}

static struct shared *map(const char *name, int flags) {
    int fd = shm_open(name, O_RDWR | flags, 0600);
    check(fd, "shm_open");
    if (flags != 0) {
        check(ftruncate(fd, sizeof(struct shared)), "ftruncate");
    }
    struct shared *memory = mmap(NULL, sizeof *memory, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) {
        fail("mmap");
    }
    return memory;
}

static void put(int fd, const struct message *message) {
    if (write(fd, message->words, sizeof message->words) != sizeof message->words) {
        fail("write");
    }
}

static void take(int fd, struct message *message) {
    char *to = (char *) message->words;
    size_t left = sizeof message->words;
    while (left > 0) {
        ssize_t got = read(fd, to, left);
        if (got <= 0) {
            fail("read");
        }
        to += got;
        left -= (size_t) got;
    }
}

static void send_one(const char *scheme, const char *name, const struct message *message) {
    if (strcmp(scheme, "posixmq") == 0) {
        mqd_t queue = mq_open(name, O_CREAT | O_EXCL | O_WRONLY, 0600, NULL);
        check(queue, "mq_open");
        check(mq_send(queue, (const char *) message->words, sizeof message->words, 0), "mq_send");
        ready();
    } else if (strcmp(scheme, "sysvmq") == 0) {
        int queue = msgget(atoi(name), IPC_CREAT | IPC_EXCL | 0600);
        check(queue, "msgget");
        check(msgsnd(queue, message, sizeof message->words, 0), "msgsnd");
        ready();
    } else if (strcmp(scheme, "shm") == 0) {
        struct shared *memory = map(name, O_CREAT | O_EXCL);
        memcpy(memory->words, message->words, sizeof memory->words);
        atomic_store(&memory->full, 1);
        ready();
    } else if (strcmp(scheme, "unix") == 0) {
        struct sockaddr_un address;
        int listener = socket_at(name, &address);
        check(bind(listener, (struct sockaddr *) &address, sizeof address), "bind");
        check(listen(listener, 1), "listen");
        ready();
        int connection = accept(listener, NULL, NULL);
        check(connection, "accept");
        put(connection, message);
    } else {
        check(mkfifo(name, 0600), "mkfifo");
        ready();
        int fifo = open(name, O_WRONLY);
        check(fifo, "open");
        put(fifo, message);
    }
}

static void receive_one(const char *scheme, const char *name, struct message *message) {
    if (strcmp(scheme, "posixmq") == 0) {
        char room[ROOM];
        mqd_t queue = mq_open(name, O_RDONLY);
        check(queue, "mq_open");
        check((int) mq_receive(queue, room, sizeof room, NULL), "mq_receive");
        memcpy(message->words, room, sizeof message->words);
    } else if (strcmp(scheme, "sysvmq") == 0) {
        int queue = msgget(atoi(name), 0600);
        check(queue, "msgget");
        check((int) msgrcv(queue, message, sizeof message->words, 0, 0), "msgrcv");
    } else if (strcmp(scheme, "shm") == 0) {
        struct shared *memory = map(name, 0);
        while (atomic_load(&memory->full) == 0) {
            relax();
        }
        memcpy(message->words, memory->words, sizeof message->words);
    } else if (strcmp(scheme, "unix") == 0) {
        struct sockaddr_un address;
        int connection = socket_at(name, &address);
        check(connect(connection, (struct sockaddr *) &address, sizeof address), "connect");
        take(connection, message);
    } else {
        int fifo = open(name, O_RDONLY);
        check(fifo, "open");
        take(fifo, message);
    }
}

static void remove_channel(const char *scheme, const char *name) {
    if (strcmp(scheme, "posixmq") == 0) {
        mq_unlink(name);
    } else if (strcmp(scheme, "sysvmq") == 0) {
        msgctl(msgget(atoi(name), 0600), IPC_RMID, NULL);
    } else if (strcmp(scheme, "shm") == 0) {
        shm_unlink(name);
    } else {
        unlink(name);
    }
}

int main(int argc, char **argv) {
    struct message message;
    int64_t opening = now();
    if (argc != 4) {
        fprintf(stderr, "first send|receive SCHEME NAME\n");
        return 2;
    }
    message.type = 1;
    for (int i = 0; i < WORDS; i++) {
        message.words[i] = (i + 1) * STEP;
    }
    if (strcmp(argv[1], "send") == 0) {
        send_one(argv[2], argv[3], &message);
        return 0;
    }
    struct message received;
    receive_one(argv[2], argv[3], &received);
    int64_t first = now();
    remove_channel(argv[2], argv[3]);
    if (memcmp(received.words, message.words, sizeof message.words) != 0) {
        fprintf(stderr, "the message was changed\n");
        return 1;
    }
    printf("opening=%" PRId64 " first=%" PRId64 "\n", opening, first);
    return 0;
}
