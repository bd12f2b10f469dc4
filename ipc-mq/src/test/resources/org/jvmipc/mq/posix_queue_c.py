"""As much of the module posix_ipc as posix_queue.py needs, by calls of the C library."""
import ctypes
import os
import time

O_CREX = os.O_CREAT | os.O_EXCL
_c = ctypes.CDLL(None, use_errno=True)


class _Attributes(ctypes.Structure):
    _fields_ = [('flags', ctypes.c_long), ('maxmsg', ctypes.c_long), ('msgsize', ctypes.c_long),
                ('curmsgs', ctypes.c_long), ('reserved', ctypes.c_long * 4)]


class _Time(ctypes.Structure):
    _fields_ = [('seconds', ctypes.c_long), ('nanos', ctypes.c_long)]


_c.mq_timedreceive.restype = ctypes.c_ssize_t
_c.mq_timedreceive.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.POINTER(ctypes.c_uint),
                               ctypes.POINTER(_Time)]
_c.mq_timedsend.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.POINTER(_Time)]


def _check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _until(timeout):
    return ctypes.byref(_Time(int(time.time() + timeout), 0))


class MessageQueue:
    def __init__(self, name, flags=0, max_messages=0, max_message_size=0):
        self._name = name.encode()
        attributes = _Attributes(maxmsg=max_messages, msgsize=max_message_size)
        self._queue = _check(_c.mq_open(self._name, os.O_RDWR | flags, 0o600, ctypes.byref(attributes)))

    def _attributes(self):
        attributes = _Attributes()
        _check(_c.mq_getattr(self._queue, ctypes.byref(attributes)))
        return attributes

    max_messages = property(lambda self: self._attributes().maxmsg)
    max_message_size = property(lambda self: self._attributes().msgsize)
    current_messages = property(lambda self: self._attributes().curmsgs)

    def send(self, message, timeout, priority):
        _check(_c.mq_timedsend(self._queue, message, len(message), priority, _until(timeout)))

    def receive(self, timeout):
        room = ctypes.create_string_buffer(self.max_message_size)
        priority = ctypes.c_uint()
        length = _check(_c.mq_timedreceive(self._queue, room, len(room), ctypes.byref(priority), _until(timeout)))
        return room.raw[:length], priority.value

    def unlink(self):
        _check(_c.mq_unlink(self._name))
