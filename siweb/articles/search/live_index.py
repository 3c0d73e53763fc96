"""The search index that this process holds, made again outside any request when the site's version moves."""

import logging
import re
import threading
from itertools import chain
from time import perf_counter

from django.conf import settings
from django.db import DatabaseError, connection
from gevent import get_hub, monkey
from gevent.monkey import get_original

from siweb.articles.models import Publication
from siweb.articles.rendering.document import Document
from siweb.articles.rendering.syntax import NOT_GIVEN
from siweb.articles.text.front_matter import read_bytes
from siweb.core import page_roles, shared_texts
from siweb.core.models import SiteVersion

from .emergency import typed_phrases
from .index import Index, Section
from .public_pages import public_sections
from .remembered import Remembered
from .synonyms import synonyms_of

log = logging.getLogger(__name__)

# gevent's sleep would not let go of the interpreter in a thread of the operating system's.
native_sleep = get_original("time", "sleep")

SLICE, SHARE = 0.0005, 0.2  # seconds that such a thread works at a stretch, and the share of its time that it works
MAX_RESULTS = 6
BATCH = 10  # pages read at a time
ARTICLES = settings.CONTENT_DIR / "articles"
RETRY = 5  # seconds until the database is asked again


class Shelf:
    """Holds the newest finished index; searching never waits for the next one, except for the very first."""

    def __init__(self):
        self.index = None
        self.version = None
        self._remembered = None  # answers of this index
        self.building, self.outdated = threading.Lock(), False

    def search(self, query):
        if self.index is None:
            self.rebuild()
        remembered, index = self._remembered, self.index
        if remembered is None or remembered.index is not index:
            self._remembered = remembered = Remembered(index)
        return remembered.search(query, MAX_RESULTS)

    def rebuild(self, rest=lambda: None):
        """Make the index for the site as it is now, unless it is there already or being made.

        A thread that makes one looks again before it ends: the site may have moved on meanwhile.
        """
        self.outdated = True
        while self.outdated and self.building.acquire(blocking=self.index is None):
            try:
                self.outdated = False
                version = SiteVersion.current()
                if version != self.version:
                    self.index, self.version = _build_index(rest), version
            finally:
                self.building.release()

    def rebuild_soon(self):
        """Start rebuilding in a thread of the operating system's, so that gevent's loop goes on serving."""
        if monkey.is_module_patched("threading"):
            get_hub().threadpool.spawn(self._rebuild_apart)
        else:
            threading.Thread(target=self._rebuild_apart, daemon=True).start()

    def _rebuild_apart(self):
        while True:
            try:
                return self.rebuild(_rests())
            except DatabaseError:
                log.warning("the search index could not be made again: the database is away")
            finally:
                connection.close()
            native_sleep(RETRY)


def _rests():
    """A function to call after every little piece of work: it sleeps so often that requests hardly notice the work.

    Only one thread at a time runs Python: one that works without a pause makes a request wait 5 ms at every turn.
    """
    began = perf_counter()

    def rest():
        nonlocal began
        worked = perf_counter() - began
        if worked > SLICE:
            native_sleep(worked * (1 / SHARE - 1))
            began = perf_counter()

    return rest


shelf = Shelf()


def _build_index(rest):
    sections = chain(_sections(rest), public_sections())
    typed = typed_phrases(shared_texts.signs() or _shipped_signs())
    return Index(sections, _synonyms(), rest, page_roles.addresses(), typed)


def _shipped_signs():
    """Return the warning signs of the file that we ship: a danger is recognised also while no signs are published."""
    texts = (read_bytes(path.read_bytes()) for path in sorted(ARTICLES.glob("*.md")))
    return next((Document(text).signs for text in texts if "signs" in text.role), ())


def _sections(rest):
    """Every section that readers can see now; lay words come from the article, and for a glossary entry from the entry."""
    for page in _pages():
        entries = {term.anchor: term for term in _terms(page)}
        for section in page.outline:
            anchor, entry = section["anchor"], entries.get(section["anchor"])
            yield Section(
                url=f"{page.url}#{anchor}" if anchor else page.url,
                title=page.title,
                heading=section["heading"],
                text=_without_gaps(section["text"] if anchor else f"{page.summary} {section['text']}"),
                kind=page.kind,
                keywords=", ".join((*entry.also, *entry.typed) if entry else page.keywords),
            )
        rest()


_GAP = re.compile(rf"[^.!?]*{re.escape(NOT_GIVEN)}[^.!?]*[.!?]?")


def _without_gaps(text):
    """Return a text without the sentences that the clinic has not completed yet."""
    return _GAP.sub("", text) if NOT_GIVEN in text else text


def _pages():
    """What readers see now, read a few at a time: SQLite lets nobody publish while somebody reads on and on."""
    keys = list(Publication.objects.showing().values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        yield from Publication.objects.showing().defer("html").filter(pk__in=keys[start : start + BATCH])


def _terms(page):
    return Document(page.revision.parsed).terms if page.kind == "glossary" else ()


def _synonyms():
    glossaries = Publication.objects.showing().filter(kind="glossary").select_related("revision")
    return synonyms_of(term for page in glossaries for term in _terms(page))
