"""Whether the disk has room for what makes SQLite forget: to rewrite its file needs as much space again, twice."""

import os
import shutil
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import connection

# Where SQLite makes its temporary files (https://sqlite.org/tempfiles.html, section 5): the first of these that it may write to.
_TEMPORARY = ("/var/tmp", "/usr/tmp", "/tmp")  # noqa: S108


class NoRoomError(ValidationError):
    """The disk is too full to erase anything."""


def database_file():
    """The path of SQLite's file."""
    return Path(connection.settings_dict["NAME"].removeprefix("file:").partition("?")[0])


def check_room():
    """Raise NoRoomError where the file could not be rewritten, so that what is erased would stay in its free pages.

    VACUUM builds the new file among the temporary files, and keeps the old pages beside the database until it is done.
    """
    file = database_file()
    if connection.vendor != "sqlite" or not file.is_file():
        return
    size, needed = file.stat().st_size, {}
    for folder in (file.parent, _temporary_folder()):
        disk = folder.stat().st_dev
        needed[disk] = needed.get(disk, 0) + size
        free = shutil.disk_usage(folder).free
        if free < needed[disk]:
            raise NoRoomError(
                f"There is too little room on the disk to erase anything: {folder} has {_megabytes(free)} free, and "
                f"{_megabytes(needed[disk])} are needed. Nothing was erased. Make room, then try again."
            )


def _temporary_folder():
    named = filter(None, map(os.environ.get, ("SQLITE_TMPDIR", "TMPDIR")))
    return next(path for path in map(Path, (*named, *_TEMPORARY, ".")) if path.is_dir() and os.access(path, os.W_OK))


def _megabytes(size):
    return f"{size / 1_000_000:,.1f} MB"
