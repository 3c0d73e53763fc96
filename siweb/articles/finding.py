"""The search index that this process holds, made again outside any request when the site's version moves."""

import logging
import threading

from django.db import DatabaseError, connection

from siweb.models import SiteVersion

from .document import Document
from .models import Publication
from .search import Index, Section

log = logging.getLogger(__name__)


class Shelf:
    """Holds the newest finished index; searching never waits for the next one, except for the very first."""

    def __init__(self):
        self.index = None
        self.version = None
        self.building = threading.Lock()

    def search(self, query):
        if self.index is None:
            self.rebuild()
        return self.index.search(query)

    def rebuild(self):
        """Make the index for the site as it is now, unless it is there already or being made."""
        if not self.building.acquire(blocking=self.index is None):
            return
        try:
            version = SiteVersion.current()
            if version != self.version:
                self.index, self.version = Index([*_sections(), *_entries()], _synonyms()), version
        finally:
            self.building.release()

    def rebuild_soon(self):
        """Start rebuilding in a thread of the operating system's, so that gevent's loop goes on serving."""
        try:
            from gevent import get_hub, monkey

            patched = monkey.is_module_patched("threading")
        except ImportError:
            patched = False
        if patched:
            get_hub().threadpool.spawn(self._rebuild_apart)
        else:
            threading.Thread(target=self._rebuild_apart, daemon=True).start()

    def _rebuild_apart(self):
        try:
            self.rebuild()
        except DatabaseError:
            log.warning("the search index could not be made again: the database is away")
        finally:
            connection.close()


shelf = Shelf()


def _sections():
    """Every section that readers can see now."""
    for page in Publication.objects.showing().exclude(kind="glossary").defer("html").iterator(chunk_size=100):
        keywords = ", ".join(page.keywords)
        for section in page.outline:
            anchor = f"#{section['anchor']}" if section["anchor"] else ""
            yield Section(
                url=page.url + anchor,
                title=page.title,
                heading=section["heading"],
                text=section["text"] if anchor else f"{page.summary} {section['text']}",
                kind=page.kind,
                keywords=keywords,
            )


def _glossary():
    """(page, its terms) of each glossary that readers can see."""
    for page in Publication.objects.showing().filter(kind="glossary").select_related("revision"):
        yield page, Document(page.revision.parsed).terms


def _entries():
    """Each term of the glossary as a section of its own."""
    for page, terms in _glossary():
        yield Section(page.url, page.title, "", page.summary, page.kind, ", ".join(page.keywords))
        for term in terms:
            keywords = ", ".join((*term.also, *term.typed))
            yield Section(f"{page.url}#{term.anchor}", page.title, term.name, term.definition, page.kind, keywords)


def _synonyms():
    """{word that people type: [words that the articles use]}, from the glossary."""
    synonyms = {}
    for _, terms in _glossary():
        for term in terms:
            names = [name.lower() for name in (term.name, *term.also)]
            for word in (*term.also, *term.typed):
                synonyms.setdefault(word.lower(), []).extend(name for name in names if name != word.lower())
    return synonyms
