"""Start the site: database, static files, content, the job runner, the server. Everything that is needed, and nothing twice."""

import fcntl
import hashlib
import inspect
import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.management.commands import collectstatic
from django.core.files.storage import storages
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from siweb.articles.importing.sync import RefusedError, import_folder
from siweb.articles.models import Article
from siweb.config.gunicorn_conf import bind

ADDRESS_FILE = "address"  # in the data folder: where a local site was last started


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []  # the data directory is made here first

    def handle(self, **options):
        os.umask(0o077)  # what patients write is nobody else's to read
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
        _refuse_a_busy_port()
        call_command("check", deploy=settings.PUBLIC, fail_level="ERROR", stdout=self.stdout, stderr=self.stderr)
        call_command("migrate", verbosity=0, interactive=False)
        _collect_static_files()
        self._import_content()
        (settings.DATA_DIR / ADDRESS_FILE).write_text(f"http://{bind}")
        self.stdout.write(self.style.SUCCESS(f"Open {settings.SITE_URL or f'http://{bind}'}/  (stop with Ctrl-C)"))
        self.stdout.flush()
        # Its parent is this process, which becomes the server: it ends when that does.
        jobs = [sys.executable, "-m", "siweb.operations.job_supervisor", str(os.getpid())]
        subprocess.Popen(jobs, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL)  # noqa: S603
        server = [sys.executable, "-m", "gunicorn", "-c", "python:siweb.config.gunicorn_conf", "siweb.config.wsgi"]
        os.execv(sys.executable, server)  # noqa: S606

    def _import_content(self):
        try:
            report = import_folder(settings.CONTENT_DIR / "articles")
            self.stdout.write(f"Content: {len(report.outcomes)} files, {report.pages} pages changed")
        except RefusedError as refused:
            if not Article.objects.published().exists():
                raise CommandError(
                    f"The content cannot be shown, and there is nothing else to show:\n{refused}"
                ) from None
            self.stderr.write(
                self.style.ERROR(f"THE CONTENT WAS REFUSED; the site goes on with what it had.\n{refused}")
            )


def _refuse_a_busy_port():
    host, port = bind.rsplit(":", 1)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as problem:
            raise CommandError(
                f"Cannot listen on {bind} ({problem.strerror}). Choose another: make run PORT=8001"
            ) from None


def _collect_static_files():
    """Collect and compress them, unless neither they nor the packages that bring some have changed.

    They are made beside the old ones and then take their place, one start at a time: a start that is broken off, or
    another that begins meanwhile, never finds half of them.
    """
    finished, digest = settings.STATIC_ROOT, _digest_of_sources()
    with _only_one_at_a_time(finished.parent):
        stamp = finished / ".digest"
        if stamp.exists() and stamp.read_text() == digest:
            return
        draft = finished.with_name(f"{finished.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        command = collectstatic.Command()
        command.storage = storages.create_storage(settings.STORAGES["staticfiles"] | {"OPTIONS": {"location": draft}})
        call_command(command, verbosity=0, interactive=False)
        (draft / ".digest").write_text(digest)
        shutil.rmtree(finished, ignore_errors=True)
        draft.rename(finished)


@contextmanager
def _only_one_at_a_time(folder):
    """Wait until no other process is in here for the same folder; a process that dies leaves nothing locked."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _digest_of_sources():
    """Digest what the collected files are made from: the files, and the code that stores them."""
    storage = settings.STORAGES["staticfiles"]["BACKEND"]
    digest = hashlib.sha256(f"{version('django')} {version('whitenoise')} {storage}".encode())
    digest.update(Path(inspect.getfile(import_string(storage))).read_bytes())
    for folder in map(Path, settings.STATICFILES_DIRS):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(f"\0{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return digest.hexdigest()
