"""A named semaphore of POSIX, through the package posix_ipc or the C library itself.

Arguments: posix_ipc or ctypes, the name without slash, and what to do: create N, open, wait, post, value, unlink.
Says "waits" before it waits, what "value" gives, and "done" at the end.
"""
import ctypes
import os
import sys


class ByCtypes:
    def __init__(self, name, create, value):
        self.lib = ctypes.CDLL(None, use_errno=True)
        self.lib.sem_open.restype = ctypes.c_void_p
        self.name = name.encode()
        flags = os.O_CREAT | os.O_EXCL if create else 0
        self.semaphore = ctypes.c_void_p(self.lib.sem_open(self.name, flags, 0o600, value))
        if not self.semaphore.value:
            raise OSError(ctypes.get_errno(), "sem_open")

    def check(self, result):
        if result != 0:
            raise OSError(ctypes.get_errno(), self.name)

    def acquire(self):
        self.check(self.lib.sem_wait(self.semaphore))

    def release(self):
        self.check(self.lib.sem_post(self.semaphore))

    @property
    def value(self):
        result = ctypes.c_int()
        self.check(self.lib.sem_getvalue(self.semaphore, ctypes.byref(result)))
        return result.value

    def unlink(self):
        self.check(self.lib.sem_unlink(self.name))


def opened(binding, name, create, value):
    if binding == "ctypes":
        return ByCtypes(name, create, value)
    import posix_ipc
    return posix_ipc.Semaphore(name, posix_ipc.O_CREX if create else 0, mode=0o600, initial_value=value)


def main(binding, name, *steps):
    semaphore = None
    steps = iter(steps)
    for step in steps:
        if step == "create":
            semaphore = opened(binding, "/" + name, True, int(next(steps)))
        elif step == "open":
            semaphore = opened(binding, "/" + name, False, 0)
        elif step == "wait":
            print("waits", flush=True)
            semaphore.acquire()
        elif step == "post":
            semaphore.release()
        elif step == "value":
            print(semaphore.value, flush=True)
        elif step == "unlink":
            semaphore.unlink()
        else:
            raise ValueError(step)
    print("done", flush=True)


main(*sys.argv[1:])
