"""What is installed is exactly what the lock says, and the lock is what pyproject.toml asks for."""

import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distribution

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
RUN, TEST = PROJECT["project"]["dependencies"], PROJECT["dependency-groups"]["test"]
LOCKS = {"requirements.txt": RUN, "tests/requirements.txt": TEST}

PIN = re.compile(r"[a-z0-9.-]+(\[[a-z,]+\])?==[\w.]+( ; [^\\]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
COMMENT = re.compile(r"\s*#.*")


def lines(lock):
    return (settings.BASE_DIR / lock).read_text().splitlines()


def pins(lock):
    """{name: Requirement} of a lock."""
    found = [Requirement(line.rstrip(" \\")) for line in lines(lock) if PIN.fullmatch(line)]
    return {canonicalize_name(pin.name): pin for pin in found}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_a_pin_a_hash_or_a_comment(lock):
    assert [
        line for line in lines(lock) if not (PIN.fullmatch(line) or HASH.fullmatch(line) or COMMENT.fullmatch(line))
    ] == []


@pytest.mark.parametrize(
    "line", ["--extra-index-url https://a.example", "django>=5", "django==5.2", "-e .", "https://a.example/x.whl"]
)
def test_other_lines_would_be_refused(line):
    assert not any(kind.fullmatch(line) for kind in (PIN, HASH, COMMENT))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock):
    text = (settings.BASE_DIR / lock).read_text()
    hashed = re.findall(r"==[^\n]+\\\n    --hash=", text)
    assert len(hashed) == len(pins(lock))
    assert hashed


@pytest.mark.parametrize(("lock", "asked"), LOCKS.items())
def test_the_lock_gives_what_the_project_asks_for_and_nothing_else(lock, asked):
    """Walk from the project's direct dependencies through what the installed packages say that they need."""
    locked, needed, todo = pins(lock), set(), [Requirement(line) for line in asked]
    while todo:
        wanted = todo.pop()
        name = canonicalize_name(wanted.name)
        pin = locked[name]
        (version,) = pin.specifier
        assert wanted.specifier.contains(version.version, prereleases=True), f"{lock}: {pin} is not {wanted}"
        if (name, tuple(wanted.extras)) not in needed:
            needed.add((name, tuple(wanted.extras)))
            todo += _needs(pin, wanted.extras)
    here = {name for name, pin in locked.items() if pin.marker is None or pin.marker.evaluate()}
    assert {name for name, _ in needed} == here


def _needs(pin, extras):
    if pin.marker and not pin.marker.evaluate():
        return []
    written = map(Requirement, distribution(pin.name).requires or [])
    return [n for n in written if n.marker is None or any(n.marker.evaluate({"extra": e}) for e in (*extras, ""))]


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_installed_is_what_is_locked(lock):
    for pin in pins(lock).values():
        if pin.marker is None or pin.marker.evaluate():
            assert pin.specifier.contains(distribution(pin.name).version, prereleases=True), pin


def test_both_locks_agree_where_they_overlap():
    run, test = pins("requirements.txt"), pins("tests/requirements.txt")
    assert [name for name in run.keys() & test.keys() if run[name].specifier != test[name].specifier] == []


def test_each_direct_dependency_has_its_reason_beside_it():
    written = (settings.BASE_DIR / "pyproject.toml").read_text()
    for asked in (*RUN, *TEST):
        assert re.search(rf'"{re.escape(asked)}",  # \w.{{10,}}', written), asked


IMPORTS = """
import importlib.metadata as metadata, sys
import gunicorn.workers.ggevent, siweb.config.gunicorn_conf, siweb.config.wsgi, django.core.management.commands.migrate
from siweb.articles.linting import report
distributions = metadata.packages_distributions()
ours = set(sys.modules) - {"_distutils_hack"}  # which a fresh environment of Python 3.11 imports at every start
print(*{name for module in ours for name in distributions.get(module.split(".")[0], [])})
"""


@pytest.mark.slow
def test_the_server_finds_everything_that_it_imports_in_its_own_lock(tmp_path):
    environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "siweb.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS], cwd=settings.BASE_DIR, env=environ, capture_output=True, text=True
    )
    imported = {canonicalize_name(name) for name in done.stdout.split()}
    assert {"django", "gunicorn", "gevent", "packaging"} <= imported, done.stderr
    assert imported <= pins("requirements.txt").keys() | {"pip"}


def test_the_server_needs_no_test_package():
    assert not {"pytest", "playwright", "ruff", "hypothesis"} & pins("requirements.txt").keys()
