"""Run every mutation in a copy of the working tree: python -m tests.mutations [--only WORD]

First the named tests run on the product as it is, and have to pass. Then each mutation is put in by itself, and its test
has to fail. It ends with 1 unless all of them did.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from importlib.util import cache_from_source
from pathlib import Path
from shutil import copyfile

from . import files_of, places_of
from .rules import MUTATIONS

HERE = Path(__file__).resolve().parents[2]
PASSED, FAILED = 0, 1  # how pytest ends; anything else is no verdict

# Without the plugins that these tests do not use, each run starts in half the time.
PYTEST = ("-m", "pytest", "-p", "no:cacheprovider", "-p", "pytest_django.plugin", "-q", "-x")
ENVIRONMENT = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__.splitlines()[0])
    parser.add_argument("--only", metavar="WORD", default="", help="mutations that have this in rule, source or test")
    word = parser.parse_args().only.lower()
    chosen = [m for m in MUTATIONS if word in f"{m.rule}\n{m.snippet}\n{m.test}".lower()]
    with tempfile.TemporaryDirectory(prefix="siweb-mutations-") as folder:
        root = Path(folder)
        copy_tree(HERE, root)
        ready = chosen and all_found(chosen, root) and controls_pass(chosen, root)
        passed = sum(turns_red(mutation, root) for mutation in chosen) if ready else 0
    print(f"{passed} passed, {len(chosen) - passed} failed")
    return 0 if chosen and passed == len(chosen) else 1


def copy_tree(source, target):
    """Copy the files that git knows or would add, as they are in the working tree."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=source, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (source / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            copyfile(source / name, target / name)


def all_found(mutations, root):
    """Whether every piece of source and every test is found exactly once; says which are not."""
    found = [(m.rule, m.snippet, len(places_of(m.snippet, root))) for m in mutations]
    found += [(m.rule, m.test, len(files_of(m.test, root))) for m in mutations]
    wrong = [(rule, what, count) for rule, what, count in found if count != 1]
    for rule, what, count in wrong:
        print(f"FOUND {count} TIMES, for “{rule}”:\n{what}")
    return not wrong


def controls_pass(mutations, root):
    """Whether all the named tests pass without any mutation."""
    code, said = run_tests(mutations, root)
    if code != PASSED:
        print(f"RED WITHOUT ANY MUTATION:\n{said}")
    return code == PASSED


def turns_red(mutation, root):
    """Whether the test of a mutation fails with it."""
    [path] = places_of(mutation.snippet, root)
    text = path.read_text(encoding="utf-8")
    write(path, text.replace(mutation.snippet, mutation.replacement))
    code, said = run_tests([mutation], root)
    write(path, text)
    print({FAILED: "red   ", PASSED: "GREEN "}.get(code, "BROKEN"), mutation.rule, flush=True)
    if code not in (FAILED, PASSED):
        print(said)
    return code == FAILED


def write(path, text):
    """Write a file, and remove what Python has compiled: it cannot tell two versions of one second and one size apart."""
    path.write_text(text, encoding="utf-8")
    Path(cache_from_source(path)).unlink(missing_ok=True)


def run_tests(mutations, root):
    """(how pytest ended, what it said) for the tests of some mutations."""
    nodes = sorted({f"{files_of(mutation.test, root)[0]}::{mutation.test}" for mutation in mutations})
    names = {f"({mutation.test} and ({mutation.only}))" if mutation.only else mutation.test for mutation in mutations}
    command = [sys.executable, *PYTEST, "-k", " or ".join(sorted(names)), *nodes]
    done = subprocess.run(command, cwd=root, env=ENVIRONMENT, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


if __name__ == "__main__":
    sys.exit(main())
