"""Argon2 for one password at a time on this machine, and beside the event loop that serves readers.

One hash takes 100 MB and 0.2 seconds of a processor. With the defaults, four strangers at the sign-in page took every
processor and the loop with them.
"""

import fcntl
import os
from pathlib import Path

from django.contrib.auth.hashers import Argon2PasswordHasher
from gevent import monkey
from gevent.threadpool import ThreadPool

MAX_WAITING = 10  # in one process: each waits for those before it, with its connection to the database
_LOCKED = Path(__file__).parent  # a folder that every process of this site can open


class TooBusyError(Exception):
    """So many passwords wait to be checked that another would wait too long. The answer is a page for status 503."""


class Queue:
    """Runs one call at a time, in a thread of its own where the process is cooperative."""

    def __init__(self):
        self.waiting, self.pool = 0, None

    def run(self, work, *arguments):
        """Return what `work` returns. Raises TooBusyError when too many wait already."""
        if not monkey.is_module_patched("socket"):  # a command
            return _one_on_this_machine(work, *arguments)
        if self.waiting >= MAX_WAITING:
            raise TooBusyError
        self.pool = self.pool or ThreadPool(1)  # made in the worker: a thread does not outlive a fork
        self.waiting += 1
        try:
            return self.pool.apply(_one_on_this_machine, (work, *arguments))
        finally:
            self.waiting -= 1


def _one_on_this_machine(work, *arguments):
    handle = os.open(_LOCKED, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        return work(*arguments)
    finally:
        os.close(handle)


queue = Queue()


class QueuedArgon2PasswordHasher(Argon2PasswordHasher):
    parallelism = 1  # the other processors are for readers

    def encode(self, password, salt):
        return queue.run(super().encode, password, salt)

    def verify(self, password, encoded):
        return queue.run(super().verify, password, encoded)
