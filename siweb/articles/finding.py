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
                self.index, self.version = Index(list(_sections()), _synonyms()), version
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
    """Every section that readers can see now; lay words come from the article, and for a glossary entry from the entry."""
    for page in Publication.objects.showing().defer("html").iterator(chunk_size=100):
        entries = {term.anchor: term for term in _terms(page)}
        for section in page.outline:
            anchor, entry = section["anchor"], entries.get(section["anchor"])
            yield Section(
                url=f"{page.url}#{anchor}" if anchor else page.url,
                title=page.title,
                heading=section["heading"],
                text=section["text"] if anchor else f"{page.summary} {section['text']}",
                kind=page.kind,
                keywords=", ".join((*entry.also, *entry.typed) if entry else page.keywords),
            )


def _terms(page):
    return Document(page.revision.parsed).terms if page.kind == "glossary" else ()


def _synonyms():
    """{word that people type: [words that the articles use]}, from the glossary."""
    synonyms = {}
    for page in Publication.objects.showing().filter(kind="glossary").select_related("revision"):
        for term in _terms(page):
            names = [name.lower() for name in (term.name, *term.also)]
            for word in (*term.also, *term.typed):
                synonyms.setdefault(word.lower(), []).extend(name for name in names if name != word.lower())
    return synonyms
