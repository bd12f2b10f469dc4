"""Takes all messages that are in a ring, after docs/formats/ring.md, and prints each in hexadecimal."""
import mmap
import os
import struct
import sys

fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
memory = mmap.mmap(fd, os.fstat(fd).st_size)


def long_at(offset):
    return struct.unpack_from("=q", memory, offset)[0]


def int_at(offset):
    return struct.unpack_from("=i", memory, offset)[0]


assert memory[0:8] == b"JVMIPC01" and int_at(8) == 1 and int_at(12) == 1 and int_at(72) == 1
assert long_at(16) == 0x0102030405060708
header, capacity, size = long_at(24), long_at(32), long_at(40)
assert header == 4096 and size == header + capacity == len(memory)

head = long_at(256)
while True:
    offset = header + (head & (capacity - 1))
    word = long_at(offset)
    if word == 0:
        break
    if word < 0:
        head -= word
    else:
        print(memory[offset + 8:offset + word].hex() or "empty")
        head += (word + 7) & ~7
    struct.pack_into("=q", memory, 256, head)
