// Takes all messages that are in a ring, after docs/formats/ring.md, and prints each in hexadecimal.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

int main(int argc, char **argv) {
    int fd = argc == 2 ? open(argv[1], O_RDWR | O_NOFOLLOW | O_CLOEXEC) : -1;
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) {
        return 1;
    }
    char *memory = mmap(0, (size_t) status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED || memcmp(memory, "JVMIPC01", 8) != 0 || *(int32_t *) (memory + 8) != 1
        || *(int32_t *) (memory + 12) != 1 || *(int64_t *) (memory + 16) != 0x0102030405060708
        || __atomic_load_n((int32_t *) (memory + 72), __ATOMIC_ACQUIRE) != 1) {
        return 2;
    }
    int64_t header = *(int64_t *) (memory + 24);
    int64_t capacity = *(int64_t *) (memory + 32);
    int64_t *head = (int64_t *) (memory + 256);
    if (header != 4096 || header + capacity != status.st_size) {
        return 3;
    }
    for (;;) {
        int64_t position = __atomic_load_n(head, __ATOMIC_RELAXED);
        char *record = memory + header + (position & (capacity - 1));
        int64_t word = __atomic_load_n((int64_t *) record, __ATOMIC_ACQUIRE);
        if (word == 0) {
            return 0;
        }
        if (word < 0) {
            position -= word;
        } else {
            for (int64_t i = 8; i < word; i++) {
                printf("%02x", (unsigned char) record[i]);
            }
            puts(word == 8 ? "empty" : "");
            position += (word + 7) & ~INT64_C(7);
        }
        __atomic_store_n(head, position, __ATOMIC_RELEASE);
    }
}
