# Sends SIGPIPE to each thread of a JVM, and of the JVMs below it, in turn: PID, SIGNALS A SECOND.
# Ends at the end of its standard input, and prints how many signals it has sent.
import ctypes
import os
import select
import sys
import time

SIGPIPE = 13
TGKILL = {'x86_64': 234, 'aarch64': 131}[os.uname().machine]
LEAST_THREADS = 8  # of a JVM that has its handlers; anything else, such as a program just being started, would end
tgkill = ctypes.CDLL(None).syscall


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ''


def threads(pid):
    try:
        return [int(tid) for tid in os.listdir('/proc/%d/task' % pid)]
    except OSError:
        return []


def catches(pid):
    for line in read('/proc/%d/status' % pid).splitlines():
        if line.startswith('SigCgt:'):
            return int(line.split()[1], 16) >> (SIGPIPE - 1) & 1
    return False


def targets(pid):
    tids = threads(pid)
    found = []
    if len(tids) >= LEAST_THREADS and read('/proc/%d/comm' % pid).strip() == 'java' and catches(pid):
        found = [(pid, tid) for tid in tids]
    for tid in tids:
        for child in read('/proc/%d/task/%d/children' % (pid, tid)).split():
            found += targets(int(child))
    return found


root, rate = int(sys.argv[1]), int(sys.argv[2])
sys.stdout.write('r')
sys.stdout.flush()
start = time.monotonic()
sent = 0
victims = []
while not select.select([sys.stdin], [], [], 0.002)[0]:
    while sent < int((time.monotonic() - start) * rate):
        if not victims:
            victims = targets(root)
        if not victims:
            break
        pid, tid = victims.pop()
        if tgkill(TGKILL, pid, tid, SIGPIPE) == 0:
            sent += 1
print(sent)
