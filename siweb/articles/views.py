"""The guide: its list, its articles on screen and on paper, and the search."""

import re
from dataclasses import replace

from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Max, Min, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from siweb.core import shared_texts, structured_data
from siweb.core.client_address import from_here
from siweb.core.http import BodyTooLarge, public
from siweb.core.rate_limit import Throttle
from siweb.core.urls import absolute

from .editorial import publishing
from .editorial.signature import Signature, signature_of
from .models import OldAddress, Publication, Rendition, Usefulness
from .search import live_index
from .text.front_matter import SHELVES

ANSWER_LIMIT = 200  # bytes: "useful=yes" needs ten
QUERY_LIMIT = 600  # characters: a frightened person tells the whole story
MOST_RELATED = 4

_answers = Throttle(most=30, seconds=3600)


def _showing():
    return Publication.objects.showing().without_text()


_ANY_OTHER = "More to read"


@require_safe
def guide(request):
    lists = {
        "steps": numbered(_showing().filter(kind="step")),
        "shelves": _shelves(_showing().filter(kind="topic")),
        "references": _showing().filter(kind__in=("glossary", "rules", "signs")),
    }
    return public(render(request, "articles/guide.html", lists))


def numbered(steps):
    """The steps of the patient's path, each knowing its number."""
    steps = list(steps)
    for number, step in enumerate(steps, start=1):
        step.number = number
    return steps


def _shelves(topics):
    """[(heading, topics)] of every shelf that has any; a topic on no shelf comes last."""
    by_shelf = {shelf: [] for shelf in (*SHELVES, "")}
    for topic in topics:
        by_shelf[topic.shelf].append(topic)
    return [(SHELVES.get(shelf, _ANY_OTHER), found) for shelf, found in by_shelf.items() if found]


@require_safe
def article(request, slug):
    page = _published(slug)
    if page.url != request.path:
        return redirect(page.url, permanent=True)
    return public(render_article(request, page))


def render_article(request, page, **context):
    """Render an article's page; drafts and former versions too. `context` adds to what its template shows."""
    name = "help" if "help" in page.role else "article"
    return render(request, f"articles/{name}.html", _article_context(page) | context)


def _article_context(page):
    """Return what the article's template shows: the page, and the way through the guide around it."""
    steps = _steps_with(page)
    ready, crumbs = _ready(page, steps), _crumbs(page)
    return {
        "page": ready,
        "steps": steps,
        "steps_total": len(steps),
        "previous": _step(steps, page.number, -1),
        "next": _step(steps, page.number, +1),
        "related": _related(page),
        "crumbs": crumbs,
        "json_ld": structured_data.article(ready, crumbs),
    }


def _steps_with(page):
    """The steps that readers see; a draft of one stands where it would stand."""
    steps = list(_showing().filter(kind="step"))
    if not page.pk:
        steps = [step for step in steps if step.slug != page.slug] + [page] * (page.kind == "step")
        steps.sort(key=lambda step: (step.order, step.title))
    return numbered(steps)


@require_safe
def leaflet(request, slug, large):
    """The article on paper, in ordinary or in 18 point type."""
    page = _published(slug)
    steps = numbered(_showing().filter(kind="step"))
    context = {"page": _ready(page, steps), "large": large, "canonical": absolute(page.url), "noindex": True}
    return public(render(request, "articles/leaflet.html", context))


_SOURCE_MARK = re.compile(r'<sup class="ref">.*?</sup>')


@require_safe
def sheet(request, slug):
    """What an article has to print alone, each part on a page of its own. Its sources stay with the article."""
    page = _published(slug)
    if not page.has_sheet:
        raise Http404
    ready = _ready(page, steps=[])
    text = _SOURCE_MARK.sub("", ready.intro + ready.sections)
    cards = "".join(_parts("wallet", text))  # one under the other: cut out and folded, they are one card
    sheets = [mark_safe(part) for part in (*_parts("sheet", text), cards) if part]  # noqa: S308  our own render() made it
    context = {"page": ready, "sheets": sheets, "canonical": absolute(page.url), "noindex": True}
    return public(render(request, "articles/sheet.html", context))


def _parts(kind, text):
    return re.findall(rf'<section class="{kind}">.*?</section>', text, re.DOTALL)


def _published(slug):
    """The page at a slug; an old slug leads to the article's own. Raises Http404."""
    page = Publication.objects.showing().filter(article__slug=slug).first()
    if page is None:
        old = OldAddress.objects.select_related("article").filter(slug=slug).first()
        if old is None:
            raise Http404
        page = get_object_or_404(Publication.objects.showing(), article=old.article)
    return page


def _ready(page, steps):
    """The page with what the template shows beside its text."""
    page.number = next((step.number for step in steps if step.slug == page.slug), None)
    page.intro, page.sections = map(mark_safe, publishing.split(page))  # our own render() made it
    page.signature, page.since = Signature(), None
    if page.revision_id:
        prefetch_related_objects([page.revision], "decisions__by")
        page.since = _since(page)
        page.signature = signature_of(page.revision, page.quotes)
    return page


def _since(page):
    """When readers were first shown this wording, without another in between; None for a draft that nobody has seen."""
    shown = page.article.publications.order_by()
    others = shown.exclude(revision__digest=page.revision.digest).values("article").annotate(newest=Max("pk"))
    newest = Coalesce(Subquery(others.values("newest")), 0)
    return shown.filter(revision__digest=page.revision.digest, pk__gt=newest).aggregate(since=Min("at"))["since"]


def _step(steps, number, offset):
    wanted = (number or -9) + offset
    return next((step for step in steps if step.number == wanted), None)


def _crumbs(page):
    """The way here from the home page; the last has no address, for the reader is there."""
    way = [{"title": "Home", "url": "/"}]
    if page.kind != "page":
        way.append({"title": "Guide", "url": "/guide/"})
    return [*way, {"title": page.title, "url": ""}]


def _related(page):
    """The guide's pages that this one points at, in the order in which it does; a text may name their old addresses."""
    found = {p.slug: p for p in _showing().filter(article__slug__in=page.links)}
    if renamed := set(page.links) - found.keys():
        old = dict(OldAddress.objects.filter(slug__in=renamed).values_list("slug", "article__slug"))
        now = {p.slug: p for p in _showing().filter(article__slug__in=old.values())}
        found |= {slug: now[old[slug]] for slug in old if old[slug] in now}
    # Kinds are chosen here: asked for both, SQLite goes through every page of the two kinds.
    pages = dict.fromkeys(found[slug] for slug in page.links if slug in found)
    return [p for p in pages if p.kind in ("step", "topic") and p.slug != page.slug][:MOST_RELATED]


@csrf_exempt  # readers have no cookie to forge a request with; other sites' pages are refused by origin
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def useful(request, slug):
    """Take a yes or a no, keep only the day's count, and thank the reader."""
    page = _published(slug)
    if request.method != "POST":
        return render(request, "articles/useful.html", {"page": page, "noindex": True})
    if not from_here(request):
        raise PermissionDenied
    if int(request.META.get("CONTENT_LENGTH") or 0) > ANSWER_LIMIT:
        raise BodyTooLarge
    answer = request.POST.get("useful")
    if answer not in ("yes", "no"):
        raise BadRequest
    if _answers.allows(request):
        Usefulness.count(page.article, answer)
    return redirect("useful", slug=page.slug)


KINDS_OF_PICTURE = {"jpg": "image/jpeg", "png": "image/png"}


@require_safe
def picture(request, digest, width, kind):
    """A picture that staff have sent, in one of its sizes: an address never shows anything else."""
    data = Rendition.objects.filter(digest=digest, width=width, kind=kind).values_list("data", flat=True).first()
    if data is None:
        raise Http404
    response = HttpResponse(bytes(data), content_type=KINDS_OF_PICTURE[kind])
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_safe
def search(request):
    query = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:QUERY_LIMIT]
    if not query:
        return public(render(request, "articles/search.html"))
    found = live_index.shelf.search(query)
    results = [replace(result, extract=mark_safe(result.extract)) for result in found.results]  # noqa: S308  escaped there
    context = {"query": query, "found": found, "results": results, "noindex": True}
    if found.is_emergency:
        context["eye_emergencies"] = [
            s.short for s in shared_texts.signs() if s.group == "eyes" and s.level == "emergency"
        ]
    response = render(request, "articles/search.html", context)
    response.headers["Cache-Control"] = "no-store"  # what somebody looked for is theirs
    return response
