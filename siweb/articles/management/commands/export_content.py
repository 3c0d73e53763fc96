"""Write what readers see now into files, one for each article: what import_content brings in elsewhere."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from siweb.articles.importing import archive as archives
from siweb.articles.importing import published_texts, renaming
from siweb.articles.models import Article, OldAddress
from siweb.articles.pictures import library


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", default=settings.CONTENT_DIR, type=Path, help="default: content/")
        parser.add_argument(
            "--archive", type=Path, metavar="FOLDER", help="write all revisions, decisions and pages there too"
        )

    def handle(self, folder, archive=None, **options):
        articles = folder / "articles"
        try:
            articles.mkdir(parents=True, exist_ok=True)
            written = sum(_write(articles, article) for article in Article.objects.published().select_related("live"))
            removed = _remove_old(articles)
            renaming.write_addresses(articles)
            published_texts.write(articles)
            pictures = library.write_folder(folder / "pictures")
        except OSError as problem:
            raise CommandError(
                f"{articles} cannot be written: {problem}. Name a folder that you may write to."
            ) from None
        for name in removed:
            self.stdout.write(f"{name} removed: its article has another address now")
        self.stdout.write(f"{written} files written to {articles}, {pictures} to {folder / 'pictures'}")
        if archive:
            self.stdout.write(f"{_write_archive(archive)} revisions, with all that was decided, archived in {archive}")


def _write_archive(folder):
    try:
        return archives.write(folder)
    except OSError as problem:
        raise CommandError(f"The archive cannot be written: {problem}. Name a folder that is new or empty.") from None


def _remove_old(folder):
    """Remove the files of articles that now have another; their names."""
    moved = OldAddress.objects.filter(article__page__isnull=False).exclude(slug__in=Article.objects.values("slug"))
    found = [path for slug in moved.values_list("slug", flat=True) if (path := folder / f"{slug}.md").exists()]
    for path in found:
        path.unlink()
    return sorted(path.name for path in found)


def _write(folder, article):
    """Write one article's file unless it says the same already; whether it was written."""
    path = folder / f"{article.slug}.md"
    text = article.live.text
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8", newline="\n")
    return True
