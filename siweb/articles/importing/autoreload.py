"""On a writer's own machine, bring the files in as soon as one of them has changed."""

import logging

from django.db import DatabaseError, connection

from .sync import RefusedError, import_folder

log = logging.getLogger(__name__)


def follow_files(application, folder):
    """A WSGI application that imports `folder` before a request whenever a file in it is not as it was."""
    seen = _state(folder)

    def follow(environ, start_response):
        nonlocal seen
        if (state := _state(folder)) != seen:
            seen = state
            _import(folder)
        return application(environ, start_response)

    return follow


def _state(folder):
    files = [*folder.glob("*.md"), *folder.parent.glob("pictures/*")]
    return {path: (stat.st_mtime_ns, stat.st_size) for path in files if (stat := path.stat())}


def _import(folder):
    try:
        report = import_folder(folder)
        log.warning("the files have changed: %s pages are new", report.pages)
    except RefusedError as refused:
        log.error("the files have changed, but cannot be shown:\n%s", refused)
    except DatabaseError as away:
        log.error("the files have changed, but the database is away: %s", type(away).__name__)
    finally:
        connection.close()
