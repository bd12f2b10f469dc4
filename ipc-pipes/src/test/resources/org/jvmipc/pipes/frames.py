"""Speaks docs/formats/frame.md from nothing but that page."""
import os
import socket
import struct
import sys

DATA, DATA_FOR_RECEIPT, RECEIPT, CONTROL = range(4)
HELLO, BYE, VERSION = 1, 2, 1

connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
connection.connect(sys.argv[1])
connection.settimeout(20)


def send(kind, payload=b""):
    connection.sendall(struct.pack(">I", kind << 30 | len(payload)) + payload)


def exactly(count):
    found = b""
    while len(found) < count:
        part = connection.recv(count - len(found))
        if not part:
            raise EOFError
        found += part
    return found


def receive():
    header, = struct.unpack(">I", exactly(4))
    return header >> 30, exactly(header & 0x3FFFFFFF)


send(CONTROL, struct.pack(">BBqq", HELLO, VERSION, os.getpid(), 0) + "frames.py".encode())
send(DATA, b"hello from python")
send(DATA_FOR_RECEIPT)
messages = []
receipts = 0
while len(messages) < 2:
    kind, payload = receive()
    if kind in (DATA, DATA_FOR_RECEIPT):
        messages.append(payload.decode())
        if kind == DATA_FOR_RECEIPT:
            send(RECEIPT)
    elif kind == RECEIPT:
        receipts += 1
    elif payload[0] == HELLO:
        version, pid, type_hash = struct.unpack(">Bqq", payload[1:18])
        assert version == VERSION and pid == os.getppid() or pid > 0, payload
send(DATA, ("got " + " ".join("[%s]" % message for message in messages)).encode())
send(CONTROL, struct.pack(">BBq", BYE, 1, os.getpid()))
connection.close()
print("receipt seen" if receipts == 1 else "receipts: %d" % receipts)
