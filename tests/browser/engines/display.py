"""A screen that nobody sees, and its clipboard: every engine is shown on it, and pastes from it as on a desk."""

import contextlib
import json
import os
import subprocess
from pathlib import Path

from . import PYTHON

# A browser inherits no more than this, so that it is the same for everybody and touches nobody's files.
_INHERITED = ("PATH", "LANG")
_QUIET = {"NO_AT_BRIDGE": "1", "GDK_BACKEND": "x11", "GSETTINGS_BACKEND": "memory", "GIO_USE_VFS": "local"}


class Display:
    """An X server of its own. `env` is the environment of a program that shows itself there."""

    def __init__(self, folder):
        self._clipboard = None
        self._server, number = _start_server()
        self.env = {name: os.environ[name] for name in _INHERITED if name in os.environ} | _QUIET
        self.env |= {"DISPLAY": f":{number}", "HOME": str(folder), "TMPDIR": str(folder)}

    def copy(self, kinds):
        """Fill the clipboard as a program does when somebody copies: {"text/html": "<b>x</b>", "text/plain": "x"}."""
        self._empty()
        self._clipboard = subprocess.Popen(
            [PYTHON, Path(__file__).with_name("copying.py")],
            env=self.env,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._clipboard.stdin.write(json.dumps(kinds) + "\n")
        self._clipboard.stdin.flush()
        assert self._clipboard.stdout.readline() == "copied\n"

    def _empty(self):
        if self._clipboard:
            end(self._clipboard)
            self._clipboard = None

    def close(self):
        self._empty()
        end(self._server)


def _start_server():
    """Start Xvfb; it chooses a number for itself, and says it when it is ready."""
    reads, writes = os.pipe()
    command = ["Xvfb", "-displayfd", str(writes), "-screen", "0", "1600x1200x24", "-nolisten", "tcp", "-noreset"]
    try:
        server = subprocess.Popen(command, pass_fds=[writes], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    finally:
        os.close(writes)
    with os.fdopen(reads) as said:
        number = said.readline().strip()
    assert number, f"Xvfb stopped with {server.wait()}"
    return server, number


def end(process, seconds=10):
    """Stop a program, and close what we hold of it."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    if process.poll() is None:
        process.kill()
        process.wait()
    for stream in (process.stdin, process.stdout):
        if stream:
            stream.close()
