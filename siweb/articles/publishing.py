"""How a revision becomes the page that readers see.

A page quotes the clinic, its rules and the glossary, and links to other articles: when any of these changes, every page
that it changes is written down again, so that a Publication is always exactly what readers got.
"""

import hashlib
import json
import re
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.templatetags.static import static
from django.urls import Resolver404, resolve

from siweb.clinics.models import FACTS, Clinic
from siweb.models import SiteVersion

from .document import Document
from .markdown import Figure, Surroundings, render
from .models import Article, Decision, OldAddress, Publication, address_of

_DRAWING = re.compile(rf'src="{re.escape(settings.STATIC_URL)}(figures/[a-z0-9-]+\.svg)"')
_RENDERER = ("cleaning", "dialect", "document", "entries", "markdown", "tables", "unread")


def site_surroundings(documents):
    """What the given documents ({slug: Document}) may quote and point at: one another, the clinic, the drawings."""
    clinic = Clinic.current()
    addresses = {slug: address_of(document.text.kind, slug) for slug, document in documents.items()}
    old = OldAddress.objects.filter(article__slug__in=documents).values_list("slug", "article__slug")
    addresses |= {slug: addresses[now] for slug, now in old if slug not in addresses}
    return Surroundings(
        addresses=addresses,
        anchors={slug: document.anchors for slug, document in documents.items()},
        rules={key: rule for document in documents.values() for key, rule in document.rules.items()},
        terms=tuple(term for document in documents.values() for term in document.terms),
        facts={key: clinic.fact(key) for key in FACTS},
        phone_link="" if clinic.closed else clinic.phone_link,
        figures=drawings(),
        is_page=_is_page,
    )


def drawings():
    """The drawings that come with the articles, by name, with their size in CSS pixels."""
    found = {}
    for path in sorted((settings.BASE_DIR / "static" / "figures").glob("*.svg")):
        root = path.read_text(encoding="utf-8").split(">", 1)[0]
        size = re.search(r'viewBox="0 0 (\d+) (\d+)"', root)
        if size:
            found[path.stem] = Figure(f"{settings.STATIC_URL}figures/{path.name}", int(size[1]), int(size[2]))
    return found


def _is_page(path):
    """Whether a path is a page of the site, other than an article (those are linked by their slug)."""
    try:
        return resolve(path).url_name not in ("article", "page", "leaflet", "large_print", "useful")
    except Resolver404:
        return False


def digest_of(surroundings):
    """The digest of everything but the text itself that a page's HTML depends on."""
    values = asdict(replace(surroundings, is_page=None))
    values["anchors"] = {slug: sorted(anchors) for slug, anchors in surroundings.anchors.items()}
    values["renderer"] = _renderer()
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


@cache
def _renderer():
    return [(Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8") for name in _RENDERER]


def live_documents(parsed=None):
    """{slug: Document} of what readers see; `parsed` may hold some already, by the digest of their text."""
    return _documents(_live_articles(), parsed or {})


def _live_articles():
    return Article.objects.filter(live__isnull=False).select_related("live", "page")


def _documents(articles, parsed):
    return {article.slug: parsed.get(article.live.digest) or Document(article.live.parsed) for article in articles}


@transaction.atomic
def refresh(rendered=None, parsed=None):
    """Write down again every live page that is not as it would be made now; the number of pages that changed.

    `rendered` may hold pages that were made already: {(digest of text, digest of surroundings): Page}, and `parsed`
    documents by the digest of their text. Raises BadText, and changes nothing, when a live text cannot be rendered
    rightly any more.
    """
    SiteVersion.lock()
    articles = list(_live_articles())
    documents = _documents(articles, parsed or {})
    surroundings = site_surroundings(documents)
    digest, changed = digest_of(surroundings), 0
    stale = [a for a in articles if not a.page or a.page.revision_id != a.live_id or a.page_made_with != digest]
    for article in stale:
        page = (rendered or {}).get((article.live.digest, digest)) or render(documents[article.slug], surroundings)
        changed += _write_down(article, documents[article.slug].text, page)
        article.page_made_with = digest
    Article.objects.bulk_update(stale, ["page", "page_made_with"], batch_size=100)
    if changed:
        SiteVersion.move()
    return changed


def _write_down(article, text, page):
    """Add the publication and point at it, unless readers would see no difference; whether they will."""
    now = {
        "revision_id": article.live_id,
        "title": text.title,
        "summary": text.summary,
        "kind": text.kind,
        "order": text.order,
        "author": text.author,
        "keywords": list(text.keywords),
        "takeaways": list(text.takeaways),
        "html": page.html,
        "outline": [asdict(section) for section in page.sections],
        "links": list(page.links),
        "minutes": page.minutes,
    }
    if article.page and all(getattr(article.page, name) == value for name, value in now.items()):
        return False
    article.page = Publication.objects.create(article=article, **now)
    return True


def split(page):
    """The page's HTML before its first section, and from there on: the contents list stands between the two.

    Drawings get the names that the browser may keep for ever.
    """
    html = _DRAWING.sub(lambda match: f'src="{static(match[1])}"', page.html)
    intro = re.split(r'<h2 id="|<div class="rule[^"]*" id="|<section', html, maxsplit=1)[
        0
    ]  # what has a name of its own
    return intro, html[len(intro) :]


def approve(revision, by):
    """A clinician signs one exact text."""
    return Decision.objects.create(revision=revision, kind=Decision.Kind.APPROVE, by=by)


@transaction.atomic
def publish(article):
    """Show readers the head. Also while a file's text waits: a deploy never blocks an urgent correction."""
    article.live = article.head
    article.save(update_fields=["live"])
    refresh()
