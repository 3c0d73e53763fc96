"""Power cuts, simulated: what a disk might hold had the machine stopped at some moment while enquiries were sent.

A process that sends enquiries runs under strace. From what it wrote, and what it asked the disk to keep (fsync), the
database is rebuilt as it might stand after a cut at a random step:

- what was synced is there; each write that was not is there whole, in part (of 512-byte sectors), or not at all;
- files that were made, shortened or removed: a later sync of the file or of its folder makes that last, and all such
  changes before it; of the rest, only the first few have happened, as ext4 keeps their order.

It is a model, and no pulled plug: it trusts a disk to keep what it says that it has synced.
"""

import random
import re
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.bench import run, stored
from tests.bench.sending import ACKNOWLEDGED
from tests.support.serving import PROJECT, Site

SIZE = run.sizes(sent=(50, 5), cuts=(300, 40))
DATABASE, SECTOR, FOLDER = "site.sqlite3", 512, "the folder"
UNKEPT = "-shm"  # memory that processes share; SQLite makes it again

WATCHED = "openat,write,pwrite64,fsync,fdatasync,ftruncate,?unlink,unlinkat"
CHANGES_OF_FILES = ("made", "resized", "removed")


@dataclass(eq=False)
class Step:
    what: str  # wrote, synced, made, resized, removed, acknowledged
    file: object = FOLDER  # a number of its own for each file, even under a name that was used before; or FOLDER
    name: str = ""
    at: int = 0  # where it was written, or the new size
    data: bytes = b""


@dataclass
class Outcome:
    """What has come of all the cuts of one run."""

    corrupt: int = 0
    halves: int = 0  # cuts that left an enquiry without its answers, event or mails
    losing: int = 0  # cuts that lost something acknowledged
    worst: int = 0  # how many acknowledged enquiries one cut lost
    problem: str = ""  # the first that was seen

    @property
    def spotless(self):
        return not (self.corrupt or self.halves or self.losing)

    def __str__(self):
        worst = f", at worst {self.worst} of {SIZE.sent}" if self.losing else ""
        problem = f" ({self.problem})" if self.problem else ""
        return (
            f"{self.losing} lost acknowledged ones{worst}; {self.corrupt} corrupt{problem}; {self.halves} with halves"
        )


# --- Running and reading -------------------------------------------------------------------------------


def prepare(folder):
    """A site's empty database, for every run to begin with."""
    site = Site(folder, fresh=True)
    site.manage("migrate", "-v0")
    return site


def cut(site, folder, seed, *pragmas):
    """Send enquiries over a copy of the site's database, and cut the power at as many moments as SIZE gives of it."""
    if not shutil.which("strace"):
        raise SystemExit("strace is needed to watch what is written. Install it: apt-get install strace")
    folder = Path(folder).resolve()
    shutil.copytree(site.data_dir, folder)
    before = contents_of(folder)
    trace = folder / "trace"
    command = ["strace", "-f", "-y", "-xx", "-s", "1000000", "-e", f"trace={WATCHED}", "-o", str(trace)]
    command += [sys.executable, "-m", "tests.bench.sending", str(SIZE.sent), *pragmas]
    env = site.env | {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "siweb.config.settings"}
    subprocess.run(command, cwd=PROJECT, env=env, check=True)
    steps = Trace(folder, before).read(trace)
    trace.unlink()
    _check_reading(before, steps, folder)
    return _outcome(before, steps, folder / "cut", random.Random(seed))


def contents_of(folder):
    """The database and what lies beside it, by name."""
    return {path.name: path.read_bytes() for path in folder.glob(f"{DATABASE}*") if not path.name.endswith(UNKEPT)}


def _check_reading(before, steps, folder):
    """Everything that was traced, applied, is what stands in the folder: nothing has been overlooked."""
    assert replay(before, [(step, [step.data]) for step in steps]) == contents_of(folder), "the trace is not complete"
    assert sum(step.what == "acknowledged" for step in steps) == SIZE.sent


_PATH = r'(?:\d+<|")(?P<path>[\\x0-9a-f]*)[">]'
_CALLS = {
    "wrote": rf'p?write(?:64)?\({_PATH}, "(?P<data>[\\x0-9a-f]*)", \d+(?:, (?P<at>\d+))?\) += \d+$',
    "synced": rf"(?:fsync|fdatasync)\({_PATH}\) += 0$",
    "resized": rf"ftruncate\({_PATH}, (?P<at>\d+)\) += 0$",
    "opened": rf"openat\([^,]*, [^,]*, (?P<flags>[A-Z_|]+)[^)]*\) += {_PATH}$",
    "removed": rf"(?:unlink\(|unlinkat\([^,]*, ){_PATH}[^)]*\) += 0$",
}


class Trace:
    """A reader of what strace wrote."""

    def __init__(self, folder, before):
        self.folder, self.files = folder, {name: number for number, name in enumerate(before)}
        self.count = len(before)

    def read(self, path):
        return [step for line in _whole_lines(path) for step in self._steps(line)]

    def _steps(self, line):
        for what, pattern in _CALLS.items():
            found = re.match(pattern, line)
            if found:
                said = {"data": "", "at": None, "flags": ""} | found.groupdict()
                yield from self._understood(what, Path(_bytes(said["path"]).decode()), said)

    def _understood(self, what, path, said):
        if path == self.folder and what == "synced":
            yield Step("synced")
        if path.parent != self.folder:
            return
        if path.name == ACKNOWLEDGED and what == "wrote":
            yield Step("acknowledged", data=_bytes(said["data"]))
        if not path.name.startswith(DATABASE) or path.name.endswith(UNKEPT):
            return
        if what == "opened":
            yield from self._opened(path.name, said["flags"])
        elif path.name in self.files:
            file, at = self.files[path.name], said["at"]
            assert what != "wrote" or at is not None, "a write without its place cannot be replayed"
            yield Step(what, file, path.name, int(at or 0), _bytes(said["data"]))
            if what == "removed":
                del self.files[path.name]

    def _opened(self, name, flags):
        if "O_CREAT" in flags and name not in self.files:
            self.files[name], self.count = self.count, self.count + 1
            yield Step("made", self.files[name], name)
        elif "O_TRUNC" in flags:
            yield Step("resized", self.files[name], name)


def _whole_lines(path):
    """The lines without the process id, and calls that another thread interrupted put together where they end."""
    begun = {}
    with path.open() as lines:
        for line in lines:
            process, _, call = line.rstrip("\n").partition(" ")
            call = call.lstrip()
            if call.endswith("<unfinished ...>"):
                begun[process] = call.removesuffix("<unfinished ...>").rstrip()
            elif call.startswith("<... "):
                yield begun.pop(process) + call.partition("resumed>")[2]
            else:
                yield call


def _bytes(escaped):
    return bytes.fromhex(escaped.replace("\\x", ""))


# --- Cutting and looking -------------------------------------------------------------------------------


def _outcome(before, steps, folder, chance):
    outcome = Outcome()
    for _ in range(SIZE.cuts):
        happened = steps[: chance.randint(0, len(steps))]
        acknowledged = [step.data.decode() for step in happened if step.what == "acknowledged"]
        files = replay(before, survivors(happened, chance))
        lost, halves, problem = examine(files, acknowledged, folder)
        outcome.corrupt += bool(problem)
        outcome.problem = outcome.problem or problem
        outcome.halves += halves > 0
        outcome.losing += lost > 0
        outcome.worst = max(outcome.worst, lost)
    return outcome


def survivors(happened, chance):
    """Of the steps that had happened, those that the disk kept, each with the pieces of its data that are there."""
    lasting = _lasting(happened)
    changes = [step for step in happened if step.what in CHANGES_OF_FILES and step not in lasting]
    kept = lasting | set(changes[: chance.randint(0, len(changes))])  # in their order
    for step in happened:
        if step in kept:
            yield step, [step.data]
        elif step.what == "wrote":
            yield step, _pieces_kept(step, chance)


def _lasting(happened):
    """The steps that a later sync made last. Read backwards: a step lasts if its file was synced after it."""
    lasting, synced, changes_last = set(), set(), False
    for step in reversed(happened):
        if step.what == "synced":
            synced.add(step.file)
        elif step.what == "wrote" and step.file in synced:
            lasting.add(step)
        elif step.what in CHANGES_OF_FILES:
            changes_last = changes_last or step.file in synced or step.what != "resized" and FOLDER in synced
            lasting |= {step} if changes_last else set()
    return lasting


def _pieces_kept(step, chance):
    """What is there of a write that was never synced: all, nothing, or some sectors; None for each that is not."""
    keep = chance.choice([lambda: True, lambda: False, lambda: chance.random() < 0.5])
    first = SECTOR - step.at % SECTOR
    pieces = [step.data[:first]]
    pieces += [step.data[start : start + SECTOR] for start in range(first, len(step.data), SECTOR)]
    return [piece if keep() else len(piece) for piece in pieces]


def replay(before, kept):
    """What stands in the folder, by name, after the steps that were kept. A piece that is a number was not written."""
    names = {name: number for number, name in enumerate(before)}
    contents = {names[name]: bytearray(data) for name, data in before.items()}
    for step, pieces in kept:
        if step.what == "made":
            names[step.name] = step.file
            contents.setdefault(step.file, bytearray())
        elif step.what == "removed":
            names.pop(step.name, None)
        elif step.what == "resized":
            _resize(contents.setdefault(step.file, bytearray()), step.at)
        elif step.what == "wrote":
            _write(contents.setdefault(step.file, bytearray()), step.at, pieces)
    return {name: bytes(contents[number]) for name, number in names.items()}


def _resize(content, size):
    del content[size:]
    content.extend(bytes(size - len(content)))


def _write(content, at, pieces):
    for piece in pieces:
        if isinstance(piece, int):
            at += piece
            continue
        if len(content) < at:
            _resize(content, at)
        content[at : at + len(piece)] = piece
        at += len(piece)


def examine(files, acknowledged, folder):
    """Start over from these files: how many acknowledged enquiries are lost, how many are half there, and what is corrupt."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    connection = sqlite3.connect(folder / DATABASE)
    try:
        connection.execute("PRAGMA synchronous=OFF")  # nobody cuts the power here
        problem = connection.execute("PRAGMA integrity_check").fetchone()[0]
        held = stored.read(connection)
    except sqlite3.DatabaseError as broken:
        return len(acknowledged), 0, str(broken)
    finally:
        connection.close()
    return held.lost(acknowledged), held.halves + held.doubled, "" if problem == "ok" else problem.splitlines()[-1]
