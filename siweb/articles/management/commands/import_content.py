"""Bring the files of content/articles into the database: all of them, or none."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from siweb.articles.importing.sync import RefusedError, import_folder


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", default=settings.CONTENT_DIR, type=Path, help="default: content/")

    def handle(self, folder, verbosity, **options):
        try:
            report = import_folder(folder / "articles")
        except RefusedError as refused:
            raise CommandError(f"The import was refused and nothing was changed:\n{refused}") from None
        for slug, outcome in report.outcomes.items():
            if verbosity > 1 or outcome != "UNCHANGED":
                self.stdout.write(f"{slug}: {outcome}")
        for slug, now in report.moved.items():
            self.stdout.write(
                f"{slug}: staff have moved its article to {now}; rename the file, and keep {slug} in its aliases"
            )
        for slug in report.gone:
            self.stdout.write(f"{slug}: its file is gone; the article stays")
        for name in report.kept_pictures:
            self.stdout.write(
                f"{name}: the picture here is a person's choice or is used in an approved article, so the file's was not "
                "taken. To show the file's, put it in its place in the admin."
            )
        self.stdout.write(f"{len(report.outcomes)} files, {report.pages} pages changed")
