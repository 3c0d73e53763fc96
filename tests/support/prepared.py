"""A migrated database with the shipped content and its advice: made once in a run of the tests, copied for each started site.

On SQLite it is the file in a data folder, on PostgreSQL a database that serves as a template.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from tests.support.serving import PATIENCE, PROJECT, Database, inherited_environment

_FOLDER = "PREPARED_SITE"  # the environment variable by which the processes of one run find it

# Otherwise the minute tick beside each site works it out for every text.
_ADVISE = f"""
from siweb.articles.editorial import publishing
from siweb.articles.linting import background
background.advise(seconds={PATIENCE}, get_context=publishing.live_surroundings)
"""


def begin():
    """Choose this run's folder, before its processes start. Returns whether the caller has to end() it."""
    if _FOLDER in os.environ:
        return False
    os.environ[_FOLDER] = tempfile.mkdtemp(prefix="siweb-prepared-")
    return True


def end():
    """Remove what was prepared in this run."""
    folder = Path(os.environ.pop(_FOLDER))
    if (folder / "database").exists():
        Database(os.environ["DATABASE_URL"], (folder / "database").read_text()).drop()
    shutil.rmtree(folder)


def copy_to(data_dir):
    """Copy the prepared data folder to `data_dir`; return the name of the template database, None on SQLite.

    Outside a run of the tests nothing is prepared: there is nothing to copy, and the site's own start does the work.
    """
    if _FOLDER not in os.environ:
        return None
    folder = Path(os.environ[_FOLDER])
    with _one_at_a_time(folder):
        if not (folder / "ready").exists():
            _prepare(folder)
    shutil.copytree(folder / "data", data_dir)
    return (folder / "database").read_text() if (folder / "database").exists() else None


def _prepare(folder):
    env = inherited_environment() | {"DATA_DIR": str(folder / "data")}
    if os.environ.get("DATABASE_URL"):
        database = Database(os.environ["DATABASE_URL"])
        database.create()
        (folder / "database").write_text(database.name)
        env["DATABASE_URL"] = database.url
    (folder / "data").mkdir()
    for command in (["migrate"], ["import_content"], ["shell", "-v0", "-c", _ADVISE]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=PROJECT, env=env, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
    (folder / "ready").touch()


@contextmanager
def _one_at_a_time(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
