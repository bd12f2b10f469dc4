"""Exchanges messages with a Java program through POSIX queues: posix_queue.py there back.

Through the module posix_ipc where it is installed, else through the C library, with the same names.
"""
import sys

try:
    import posix_ipc
except ImportError:
    import posix_queue_c as posix_ipc

there = posix_ipc.MessageQueue('/' + sys.argv[1])
back = posix_ipc.MessageQueue('/' + sys.argv[2], posix_ipc.O_CREX, max_messages=5, max_message_size=2000)
print('ready', there.max_messages, there.max_message_size, flush=True)
for _ in range(3):
    message, priority = there.receive(timeout=20)
    print(priority, len(message), message.decode('utf-8'), flush=True)
for text, priority in ((b'low', 1), (b'high', 31), (b'', 1), (bytes(range(256)), 1)):
    back.send(text, timeout=20, priority=priority)
print('sent', back.current_messages, flush=True)
sys.stdin.readline()
print('left', back.current_messages, flush=True)
back.unlink()
