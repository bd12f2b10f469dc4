"""Exchanges messages with a Java program through System V queues: sysv_queue.py there back file."""
import sys

import sysv_ipc

there = sysv_ipc.MessageQueue(int(sys.argv[1]))
back = sysv_ipc.MessageQueue(int(sys.argv[2]), sysv_ipc.IPC_CREX)
print('ready', sysv_ipc.ftok(sys.argv[3], 65, silence_warning=True), flush=True)
# By type first, then in order.
for wanted in (7, -5, 0, 0):
    message, kind = there.receive(type=wanted)
    print(kind, len(message), message[:20].decode('utf-8'), flush=True)
for text, kind in ((b'nine', 9), (b'two', 2), (b'', 1), (bytes(range(256)), 2 ** 30)):
    back.send(text, type=kind)
print('sent', back.current_messages, flush=True)
sys.stdin.readline()
print('left', back.current_messages, flush=True)
back.remove()
