"""Say of each file of content/articles what must be fixed, what could be improved, and how it reads. Nothing is changed."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from siweb.articles.editorial.publishing import live_offers, site_surroundings
from siweb.articles.linting.report import Report, report
from siweb.articles.rendering.document import Document
from siweb.articles.rendering.renderer import render
from siweb.articles.text.front_matter import BadText, read_bytes
from siweb.clinics.models import Clinic


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="*", type=Path, help="default: every article")

    def handle(self, files, **options):
        documents, reports = {}, {}
        for path in files or sorted((settings.CONTENT_DIR / "articles").glob("*.md")):
            try:
                documents[path] = Document(read_bytes(path.read_bytes()))
            except BadText as bad:
                reports[path] = Report(errors=tuple(bad.problems))
        offers = live_offers() | {path.stem: document.offer for path, document in documents.items()}
        surroundings, name = site_surroundings(offers), Clinic.current().name
        for path, document in documents.items():
            reports[path] = _report(document, surroundings, name)
        for path, found in sorted(reports.items()):
            self._say(path, found)

    def _say(self, path, found):
        how = (
            f": grade {found.grade.adjusted:.1f} (raw {found.grade.raw:.1f}), {found.words} words"
            if found.grade
            else ""
        )
        self.stdout.write(f"{path.name}{how}")
        for problem in found.errors:
            self.stdout.write(f"  fix, line {problem.line}: {problem.message}")
        for problem in found.advice:
            where = problem.where[0].lower() + problem.where[1:]
            self.stdout.write(f"  suggestion, {where}: {problem.message}")


def _report(document, surroundings, name):
    try:
        return report(document, render(document, surroundings), (), name, surroundings)
    except BadText as bad:
        return report(document, None, bad.problems, name, surroundings)
