"""Say how each file of content/articles reads and what could be better. Advice only: nothing is changed or refused."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from siweb.articles.checks import advice, grade
from siweb.articles.document import Document
from siweb.articles.files import BadText, read_bytes


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="*", type=Path, help="default: every article")

    def handle(self, files, **options):
        for path in files or sorted((settings.CONTENT_DIR / "articles").glob("*.md")):
            try:
                self._say(path, Document(read_bytes(path.read_bytes())))
            except (BadText, OSError) as problem:
                raise CommandError(f"{path.name}, {problem}") from None

    def _say(self, path, document):
        words = sum(len(section.text.split()) for section in document.sections({}, {}))
        score = grade(document)
        self.stdout.write(f"{path.name}: grade {score.adjusted:.1f} (raw {score.raw:.1f}), {words} words")
        for problem in advice(document):
            self.stdout.write(f"  {problem}")
