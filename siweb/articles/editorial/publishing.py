"""How a revision becomes the page that readers see.

A page quotes the clinic, its rules and the glossary, and links to other articles: when any of these changes, every page
that it changes is written down again, so that a Publication is always exactly what readers got.
"""

import hashlib
import re
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.templatetags.static import static
from django.urls import Resolver404, resolve

from siweb.articles.models import Article, OldAddress, Picture, Publication, Revision, address_of
from siweb.articles.rendering.dependencies import digest_of
from siweb.articles.rendering.document import Document
from siweb.articles.rendering.glossary_links import terms_by_name
from siweb.articles.rendering.renderer import Figure, Surroundings, render, render_with_problems
from siweb.articles.rendering.syntax import with_rules
from siweb.articles.text.front_matter import BadText, Problem, Text
from siweb.clinics.models import FACTS, Clinic
from siweb.core import shared_texts
from siweb.core.models import SiteVersion

from . import roles

_RENDERING = Path(__file__).parents[1] / "rendering"
_SHARED_TEXTS = Path(shared_texts.__file__)
_DRAWING = re.compile(rf'src="{re.escape(settings.STATIC_URL)}(figures/[a-z0-9-]+\.svg)"')


def site_surroundings(offers, drafts=None):
    """What texts may quote and point at when these are live ({slug: Offer}): one another, the clinic, the drawings.

    `drafts` are offers of articles that were never published: a text that is not published either may point at them.
    """
    clinic = Clinic.current()
    addresses = {slug: address_of(offer.kind, slug) for slug, offer in offers.items()}
    anchors = {slug: offer.anchors for slug, offer in offers.items()}
    old = OldAddress.objects.filter(article__slug__in=offers).exclude(slug__in=offers)
    for slug, now in old.values_list("slug", "article__slug"):
        addresses[slug], anchors[slug] = addresses[now], anchors[now]
    unpublished = frozenset(_unpublished().values_list("slug", flat=True)) - offers.keys()
    for slug in unpublished & (drafts or {}).keys():
        addresses[slug], anchors[slug] = address_of(drafts[slug].kind, slug), drafts[slug].anchors
    rules, facts = _rules(offers, addresses), _facts(clinic)
    return Surroundings(
        addresses=addresses,
        anchors=anchors,
        rules=rules,
        terms=terms_by_name(
            replace(term, page=addresses[slug]) for slug, offer in offers.items() for term in offer.terms
        ),
        signs=shared_texts.by_quote(signs_in(offers, rules, facts)),
        facts=facts,
        phone_link="" if clinic.closed else clinic.phone_link,
        figures=drawings() | photographs(),
        is_page=_is_page,
        unpublished=unpublished,
    )


def _unpublished():
    """The articles that readers have never seen."""
    return Article.objects.filter(live__isnull=True, head__isnull=False, publications__isnull=True)


def signs_in(offers, rules, facts):
    """The warning signs of these offers, in the order of their text; what their short texts quote is filled in."""
    for offer in offers.values():
        for sign in offer.signs:
            yield replace(sign, short=with_rules(sign.short, rules, facts))


def published_rules():
    """({key: Rule} that readers see, {name: text} of the clinic's facts, which fill in what rules quote)."""
    return _rules(live_offers(page__kind="rules")), _facts(Clinic.current())


def published_signs():
    """The warning signs that readers see."""
    offers = live_offers(page__kind__in=("signs", "rules"))
    return tuple(signs_in(offers, _rules(offers), _facts(Clinic.current())))


def _rules(offers, addresses=None):
    """The rules of these offers by key; each knows its page where `addresses` are given."""
    return {
        key: replace(rule, page=addresses[slug]) if addresses else rule
        for slug, offer in offers.items()
        for key, rule in offer.rules.items()
    }


def _facts(clinic):
    return {key: clinic.fact(key) for key in FACTS}


def drawings():
    """The drawings that come with the articles, by name, with their size in CSS pixels."""
    found = {}
    for path in sorted((settings.BASE_DIR / "static" / "figures").glob("*.svg")):
        drawn = path.read_text(encoding="utf-8")
        size = re.search(r'viewBox="0 0 (\d+) (\d+)"', drawn.split(">", 1)[0])
        if size:
            digest = hashlib.sha256(drawn.encode()).hexdigest()
            found[path.stem] = Figure(f"{settings.STATIC_URL}figures/{path.name}", int(size[1]), int(size[2]), digest)
    return found


def _is_page(path):
    """Whether a path is a page of the site, other than an article (those are linked by their slug)."""
    try:
        return resolve(path).url_name not in ("article", "page", "leaflet", "large_print", "sheet", "useful")
    except Resolver404:
        return False


def made_with(surroundings, uses):
    """The digest of everything but its text that a page with these uses depends on."""
    return digest_of(surroundings, uses, _renderer())


@cache
def _renderer():
    written = "".join(path.read_text(encoding="utf-8") for path in [*sorted(_RENDERING.rglob("*.py")), _SHARED_TEXTS])
    return hashlib.sha256(written.encode()).hexdigest()


def photographs():
    """The pictures that staff have sent, by name."""
    return {picture.name: _figure_of(picture) for picture in Picture.objects.all()}


def _figure_of(picture):
    middle = picture.widths[len(picture.widths) // 2]  # for a browser that knows no srcset
    srcset = ", ".join(f"{picture.address(width)} {width}w" for width in picture.widths)
    return Figure(picture.address(middle), picture.width, picture.height, picture.digest, srcset)


_remembered = {}  # {digest of a text: its Offer}: a text never changes, so each process works it out once
MOST_REMEMBERED = 10_000


def live_offers(documents=(), **only):
    """{slug: Offer} of what readers see. `documents` that are parsed already need not be parsed again.

    `only` may narrow it down, as a queryset's filter does.
    """
    live = list(Article.objects.filter(live__isnull=False, **only).values_list("slug", "live_id", "live__digest"))
    offers = offers_of({pk: digest for _, pk, digest in live}, documents)
    return {slug: offers[digest] for slug, _, digest in live}


def offers_of(revisions, documents=()):
    """{digest: Offer} of the texts of revisions, which are given as {key: digest}."""
    if len(_remembered) > MOST_REMEMBERED:
        _remembered.clear()
    _remember({document.text.digest: document for document in documents})
    unknown = [pk for pk, digest in revisions.items() if digest not in _remembered]
    _remember({text.digest: Document(text.parsed) for text in Revision.objects.filter(pk__in=unknown)})
    return {digest: _remembered[digest] for digest in revisions.values()}


def _remember(documents):
    for digest, document in documents.items():
        _remembered[digest] = document.offer


def live_surroundings(**drafts):
    """What texts may quote and point at now; `drafts` are offers by slug, in place of what is live there."""
    return site_surroundings(live_offers() | drafts)


def draft_surroundings(slug, document):
    """What a text may quote and point at before it is live at a slug: also articles that were never published."""
    drafts = list(_unpublished().exclude(slug=slug).values_list("slug", "head_id", "head__digest"))
    offers = offers_of({pk: digest for _, pk, digest in drafts})
    drafts = {draft: offers[digest] for draft, _, digest in drafts}
    return site_surroundings(live_offers() | {slug: document.offer}, drafts)


def draft_page(slug, text, document=None, around=None):
    """The page, not stored, that a text would be if it were live at a slug now. Raises BadText.

    `around` may be what draft_surroundings() returned for it.
    """
    document = document or Document(text)
    if problems := [*roles.problems_of(slug, text)]:
        raise BadText(problems)
    return Publication(**_shown(text, render(document, around or draft_surroundings(slug, document))))


def review_page(article, revision, document=None, around=None):
    """The page, not stored, by which a version is reviewed. Raises BadText, but not for what readers see already."""
    document = document or Document(revision.parsed)
    around = around or draft_surroundings(article.slug, document)
    if revision.pk != article.live_id or document.problems:
        return draft_page(article.slug, document.text, document, around)
    return Publication(**_shown(document.text, render_with_problems(document, around)[0]))


def publishable_page(slug, text, document=None, around=None):
    """As draft_page(). Raises BadText with everything that has to be fixed before a text can be sent for review."""
    problems, page = list(alias_problems(slug, text)), None
    try:
        page = draft_page(slug, text, document, around)
    except BadText as bad:
        problems += bad.problems
    if problems:
        raise BadText(problems)
    return page


def alias_problems(slug, text):
    """A Problem for each old address of a text where another article is."""
    taken = Article.objects.filter(slug__in=set(text.aliases) - {slug}).order_by("slug").values_list("slug", flat=True)
    for alias in taken:
        message = (
            f"Another article has the old address “{alias}”. Take it out of the old addresses, or retire that article."
        )
        yield Problem(1, message, "aliases")
    old = OldAddress.objects.filter(slug__in=text.aliases).exclude(article__slug=slug).order_by("slug")
    for alias, other in old.values_list("slug", "article__slug"):
        yield Problem(1, f'The old address "{alias}" leads to "{other}". Take it out of the aliases.', "aliases")


def markdownify(body):
    """The HTML of a body alone, for django-markdownx: should anything of it ever render, it does so here."""
    return draft_page("new", Text("A title", "A summary.", "topic", body=body)).html


@transaction.atomic
def refresh(rendered=None, parsed=None, is_strict=True, moved_in=frozenset()):
    """Write down again every live page that is not as it would be made now; the number of pages that changed.

    `rendered` may hold pages that were made already: {digest of text: (Page, made_with)}, and `parsed` documents by the
    digest of their text. A text that broke a rule before this change stays live, and its page follows what it quotes; so do
    those of another site whose digests are in `moved_in`.
    Raises BadText, and changes nothing, when the change breaks a live text, unless `is_strict` is off; and when a role is
    on two pages or lost.
    """
    SiteVersion.lock()
    rendered, parsed, changed, broken = rendered or {}, parsed or {}, 0, []
    offers = live_offers(parsed.values())
    roles.check(offers)
    surroundings = site_surroundings(offers)
    stale = _in_full(_stale(surroundings))
    for article in stale:
        known = _known_problems(article)
        page, digest = rendered.get(article.live.digest, (None, ""))
        article.page_problems = []
        if page is None or digest != made_with(surroundings, page.uses):
            document = parsed.get(article.live.digest) or Document(article.live.parsed)
            page, problems = render_with_problems(document, surroundings)
            article.page_problems = _as_listed(document, problems)
            new = not_only_newer(document, problems) if article.live.digest in moved_in else problems
            broken += [Problem(p.line, f"{article.slug}.md: {p.message}") for p in new if p.message not in known]
            if document.problems and article.page:  # it cannot be parsed any more: readers keep the page that they have
                continue
        changed += _write_down(article, article.live.parsed, page)
        article.page_uses, article.page_made_with = page.uses, made_with(surroundings, page.uses)
    if broken and is_strict:
        raise BadText(broken)
    columns = ["page", "page_uses", "page_made_with", "page_problems"]
    Article.objects.bulk_update(stale, columns, batch_size=100)
    if changed:
        SiteVersion.move()
    return changed


@transaction.atomic
def note_newer_rules():
    """Record what is wrong with live texts as they are, before a change: a newer rule of ours is not that change’s fault."""
    surroundings = site_surroundings(live_offers())
    noted = _in_full(_stale(surroundings))
    for article in noted:
        document = Document(article.live.parsed)
        article.page_problems = _as_listed(document, render_with_problems(document, surroundings)[1])
    Article.objects.bulk_update(noted, ["page_problems"], batch_size=100)


def _in_full(keys):
    return list(Article.objects.select_related("live", "page").in_bulk(keys).values())


def _as_listed(document, problems):
    """Problems as an article keeps them, with the lines of the editor: a file has its front matter above."""
    above = document.text.body_line - 1
    return [{"line": max(1, problem.line - above), "message": problem.message} for problem in problems]


def not_only_newer(document, problems):
    """Those of the problems of a text that readers have had on another site which are more than a rule that is newer.

    It points at what is not there, or cannot be parsed.
    """
    return [problem for problem in problems if problem.is_dangling or problem in document.problems]


def _known_problems(article):
    """What is said of a live text that readers have seen with these problems already."""
    is_known = article.page and article.page.revision_id == article.live_id
    return {problem["message"] for problem in article.page_problems} if is_known else set()


def _stale(surroundings):
    """The keys of the articles whose page is not of the live text, or was made with what has changed since."""
    live = Article.objects.filter(live__isnull=False)
    for pk, text, shown, uses, digest in live.values_list(
        "pk", "live_id", "page__revision_id", "page_uses", "page_made_with"
    ):
        if shown != text or digest != made_with(surroundings, uses):
            yield pk


def _shown(text, page):
    """The columns of a publication that show a text."""
    return {
        "title": text.title,
        "summary": text.summary,
        "kind": text.kind,
        "role": list(text.role),
        "shelf": text.shelf,
        "order": text.order,
        "author": text.author,
        "keywords": list(text.keywords),
        "takeaways": list(text.takeaways),
        "html": page.html,
        "outline": [asdict(section) for section in page.sections],
        "links": list(page.links),
        "minutes": page.minutes,
        "quotes": page.quotes,
    }


def _write_down(article, text, page):
    """Add the publication and point at it, unless readers would see no difference; whether they will."""
    now = {"revision_id": article.live_id} | _shown(text, page)
    if article.page and all(getattr(article.page, name) == value for name, value in now.items()):
        return False
    article.page = Publication.objects.create(article=article, **now)
    return True


def with_lasting_drawings(html):
    """The HTML of a page, in which drawings have the names that the browser may keep for ever."""
    return _DRAWING.sub(lambda match: f'src="{static(match[1])}"', html)


def split(page):
    """The page's HTML before its first section, and from there on: the contents list stands between the two."""
    html = with_lasting_drawings(page.html)
    intro = re.split(r'<h2 id="|<div class="rule[^"]*" id="|<section', html, maxsplit=1)[
        0
    ]  # what has a name of its own
    return intro, html[len(intro) :]


@transaction.atomic
def publish(article):
    """Show readers the head. Also while a file's text waits: a deploy never blocks an urgent correction."""
    note_newer_rules()
    article.live = article.head
    article.save(update_fields=["live"])
    _keep_old_addresses(article)
    refresh()
    article.refresh_from_db()


def _keep_old_addresses(article):
    """The addresses that the text says it had lead to it from now on. Raises BadText for one where an article is."""
    text = article.live.parsed
    if problems := list(alias_problems(article.slug, text)):
        raise BadText(problems)
    for alias in set(text.aliases) - {article.slug}:
        OldAddress.objects.update_or_create(slug=alias, defaults={"article": article})


@transaction.atomic
def take_down(article):
    """Show readers the article no more. Raises BadText when live texts still point at it or quote it, or need its role."""
    note_newer_rules()
    article.live, article.page_problems = None, []
    article.save(update_fields=["live", "page_problems"])
    refresh()
    article.page = None
    article.save(update_fields=["page"])
    SiteVersion.move()
