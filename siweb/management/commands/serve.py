"""Start the site: database, static files, content, server. Everything that is needed, and nothing twice."""

import hashlib
import os
import socket
import sys
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from siweb.articles.models import Article
from siweb.articles.sync import RefusedError, import_folder
from siweb.gunicorn import bind


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []  # the data directory is made here first

    def handle(self, **options):
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
        _refuse_a_busy_port()
        call_command("check", deploy=settings.PUBLIC, fail_level="ERROR", stdout=self.stdout, stderr=self.stderr)
        call_command("migrate", verbosity=0, interactive=False)
        _collect_static_files()
        self._import_content()
        self.stdout.write(self.style.SUCCESS(f"Open {settings.SITE_URL or f'http://{bind}'}/  (stop with Ctrl-C)"))
        self.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "-c", "python:siweb.gunicorn", "siweb.wsgi"])  # noqa: S606

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
    """Collect and compress them, unless neither they nor the packages that bring some have changed."""
    stamp = settings.STATIC_ROOT / ".digest"
    digest = _digest_of_sources()
    if not stamp.exists() or stamp.read_text() != digest:
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(digest)


def _digest_of_sources():
    digest = hashlib.sha256(f"{version('django')} {version('whitenoise')}".encode())
    for folder in map(Path, settings.STATICFILES_DIRS):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(f"\0{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return digest.hexdigest()
