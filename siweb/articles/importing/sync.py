"""How the files in content/ and the texts that staff write meet.

The promises: no text is ever lost; a text that a person published or signed is never replaced without a person's
decision; importing twice changes nothing. tests/articles/importing/test_histories.py plays random histories against them.
"""

from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from siweb.articles.editorial import publishing, roles
from siweb.articles.editorial.publishing import (
    live_offers,
    made_with,
    note_newer_rules,
    refresh,
    site_surroundings,
)
from siweb.articles.models import Article, OldAddress, Publication, Refusal, Revision
from siweb.articles.pictures import library
from siweb.articles.rendering.document import Document
from siweb.articles.rendering.renderer import render
from siweb.articles.text import front_matter
from siweb.articles.text.front_matter import SLUG, BadText, Problem
from siweb.core.models import SiteVersion

from . import published_texts, renaming


def deploy(article, text):
    """Take one file's text for an article, and say what came of it (one word, for the report and the tests)."""
    if text.digest == article.last_file_digest:
        return "UNCHANGED"
    previous, article.last_file_digest = article.last_file_digest, text.digest
    outcome = _meet(article, text, previous)
    article.version += 1
    article.save()
    return outcome


def _meet(article, text, previous):
    if article.head is None:
        article.live = article.head = article.base = article.add_revision(text, Revision.Source.FILE)
        return "NEW"
    revisions = {revision.pk: revision for revision in article.revisions.defer("text")}
    since_base = _ancestors(revisions, article.head_id) - _ancestors(revisions, article.base_id)
    ours = [revisions[pk] for pk in since_base if revisions[pk].digest == text.digest]
    if ours:  # our own export has come back
        article.base, article.incoming = max(ours, key=lambda revision: revision.number), None
        return "ROUND_TRIP"
    if article.base and text.digest == article.base.digest:  # the file is back at the common ancestor
        article.incoming = None
        return "BACK_TO_BASE"
    seen_before = any(revision.digest == text.digest for revision in revisions.values())
    revision = article.add_revision(text, Revision.Source.FILE, *filter(None, [article.base]))
    live_is_file = article.live is not None and article.live.digest == previous and not article.live.is_approved
    if seen_before or article.head.digest != previous:  # a rollback, or both sides have changed
        article.incoming = revision
        if live_is_file and not seen_before:
            article.live = revision  # nobody's published words are replaced
            return "DIVERGED_DRAFT"
        return "SEEN_BEFORE" if seen_before else "DIVERGED"
    article.take_back()
    article.head = article.base = revision
    article.incoming = None
    if live_is_file:
        article.live = revision
        return "FAST_FORWARD"
    return "HEAD_ONLY"


def _ancestors(revisions, pk):
    """The keys of a revision and of everything it comes from; empty for None."""
    found, todo = set(), [pk]
    while todo:
        if (key := todo.pop()) is not None and key not in found:
            found.add(key)
            todo += [revisions[key].parent_id, revisions[key].merged_id]
    return found


@dataclass
class Report:
    outcomes: dict = field(default_factory=dict)  # slug -> one word
    moved: dict = field(default_factory=dict)  # slug of a file -> slug to which staff have moved its article
    gone: list = field(default_factory=list)  # slugs whose file is missing: nothing was changed for them
    kept_pictures: list = field(default_factory=list)  # names whose file differs from what staff have sent: theirs stay
    pages: int = 0  # pages that readers now see differently


class RefusedError(Exception):
    """One bad file refuses the whole import: `problems` is [(file name, Problem), …]."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__("\n".join(f"{name}, {problem}" for name, problem in problems))


def read_folder(folder, seen=frozenset()):
    """{slug: Text} of every file in content/articles. Raises RefusedError with the problems of all files.

    `seen` are digests of texts that readers have had: no rule that is newer refuses one of these.
    """
    texts, problems = {}, []
    for path in sorted(Path(folder).glob("*.md")):
        try:
            if not SLUG.fullmatch(path.stem) or len(path.stem) > 60 or path.stem in front_matter.RESERVED:
                raise BadText([Problem(1, "The file's name is its address: use small letters, digits and dashes.")])
            texts[path.stem] = _read(path.read_bytes(), seen)
        except BadText as bad:
            problems += [(path.name, problem) for problem in bad.problems]
    problems += _clashing_addresses(texts)
    if problems:
        raise RefusedError(problems)
    return texts


def _read(raw, seen):
    try:
        return front_matter.read_bytes(raw)
    except BadText:
        text = front_matter.read_stored(raw.decode("utf-8", "replace"))
        if text.digest in seen:
            return text
        raise


def _clashing_addresses(texts):
    owner = {slug: slug for slug in texts}
    for slug, text in texts.items():
        for alias in text.aliases:
            if owner.setdefault(alias, slug) != slug:
                yield (
                    f"{slug}.md",
                    Problem(1, f'The old address "{alias}" belongs to {owner[alias]}.md too. Keep it in one file.'),
                )


def import_folder(folder):
    """Bring the files into the database, all or none, and return a Report. Raises RefusedError, and remembers it.

    Links and rules are judged against the files and the articles that are only in the database, together.
    """
    try:
        report = _import(folder)
    except RefusedError as refused:  # what it did is rolled back already
        _remember(str(refused))
        raise
    Refusal.objects.all().delete()
    return report


def last_refusal():
    """The Refusal of the last import, or None when it was taken."""
    return Refusal.objects.first()


def _remember(why):
    known, is_new = Refusal.objects.get_or_create(pk=1, defaults={"text": why})
    if not is_new and known.text != why:
        Refusal.objects.filter(pk=1).update(text=why, since=timezone.now())


@transaction.atomic
def _import(folder):
    SiteVersion.lock()
    note_newer_rules()
    report = Report(kept_pictures=_bring_in_pictures(Path(folder).parent / "pictures"))
    seen = set(Publication.objects.order_by().values_list("revision__digest", flat=True).distinct())
    moved_in = frozenset() if Revision.objects.exists() else published_texts.read(Path(folder))
    texts, report.moved = _at_their_articles(read_folder(folder, seen | moved_in))
    try:
        _take(texts, report, seen, renaming.read_addresses(Path(folder)), moved_in)
    except RefusedError as refused:
        names = {f"{now}.md": f"{slug}.md" for slug, now in report.moved.items()}
        raise RefusedError([(names.get(name, name), problem) for name, problem in refused.problems]) from None
    return report


def _take(texts, report, seen, addresses=(), moved_in=frozenset()):
    """Bring texts in. `moved_in` are digests of those that readers have had on another site, which this one takes over."""
    _follow_renames(texts)
    _restore_old_addresses(texts, addresses)
    rendered, parsed = _check(texts, seen, moved_in)
    for slug, text in texts.items():
        article, _ = Article.objects.select_related("head", "base", "live").get_or_create(slug=slug)
        report.outcomes[slug] = deploy(article, text)
    Article.objects.filter(slug__in=texts, in_files=False).update(in_files=True)
    Article.objects.exclude(slug__in=texts).filter(in_files=True).update(in_files=False)
    report.gone = list(Article.objects.gone_from_files().values_list("slug", flat=True))
    try:
        report.pages = refresh(rendered, parsed, moved_in=moved_in)
    except BadText as bad:  # right among the files, but not beside what staff have published
        raise RefusedError([("content", problem) for problem in bad.problems]) from None


def _bring_in_pictures(folder):
    made, problems = library.read_folder(folder)
    if problems:
        raise RefusedError([(f"pictures/{name}", Problem(1, message)) for name, message in problems])
    return library.bring_in(made)


def _at_their_articles(texts):
    """({slug of the article: text}, {slug of the file: slug of the article} where staff have moved it)."""
    old = OldAddress.objects.filter(slug__in=texts).exclude(slug__in=Article.objects.values("slug"))
    moved = {}
    for address in old.select_related("article"):
        article, slug = address.article, address.slug
        if article.slug in texts:
            message = f"The article of this address has moved to {article.slug}.md. Take this file out, or give it a new name."
            raise RefusedError([(f"{slug}.md", Problem(1, message))])
        if _has_been_renamed(article, texts[slug]):
            renaming.readdress(article, slug)
        else:
            moved[slug] = article.slug
    return {moved.get(slug, slug): text for slug, text in texts.items()}, moved


def _has_been_renamed(article, text):
    """Whether a file newly says that its article lived where it lives now: then its author means to move it."""
    before = article.revisions.filter(digest=article.last_file_digest).first()
    return article.slug in text.aliases and not (before and article.slug in before.parsed.aliases)


def _follow_renames(texts):
    """A file that names its old address takes that article over; the old address leads to it from now on."""
    for slug, text in texts.items():
        for alias in text.aliases:
            if alias == slug:
                continue
            if not Article.objects.filter(slug=slug).exists():
                _take_over(slug, alias, texts)
            if Article.objects.filter(slug=alias).exists():
                message = f'An article lives at the old address "{alias}". Take it out of the aliases, or retire that article.'
                raise RefusedError([(f"{slug}.md", Problem(1, message))])
            article, _ = Article.objects.get_or_create(slug=slug)
            if other := Article.objects.filter(old_addresses__slug=alias).exclude(pk=article.pk).first():
                message = (
                    f'The old address "{alias}" leads to {other}.md. Take it out of the aliases of one of the two.'
                )
                raise RefusedError([(f"{slug}.md", Problem(1, message))])
            OldAddress.objects.update_or_create(slug=alias, defaults={"article": article})


def _restore_old_addresses(texts, addresses):
    """Let (old slug, slug) lead to these articles, unless the old one is taken: files and staff have the last word."""
    for old, slug in addresses:
        if slug in texts and old not in texts and not Article.objects.filter(slug=old).exists():
            article, _ = Article.objects.get_or_create(slug=slug)
            OldAddress.objects.get_or_create(slug=old, defaults={"article": article})


def _take_over(slug, alias, texts):
    """Move the article of an old address here, also when staff have moved it on since and no file is there."""
    article = Article.objects.filter(slug=alias).first()
    old = OldAddress.objects.select_related("article").filter(slug=alias).first()
    if article is None and old and old.article.slug not in texts:
        article = old.article
    if article:
        renaming.readdress(article, slug)


def _check(texts, seen, moved_in):
    """Render every file that is not shown already; pages and documents as refresh() takes them. Raises RefusedError."""
    documents = {slug: Document(text) for slug, text in texts.items()}
    problems = [(f"{slug}.md", problem) for slug, problem in roles.problems_of_files(texts, moved_in)]
    if problems:
        raise RefusedError(problems)
    parsed = {document.text.digest: document for document in documents.values()}
    offers = live_offers() | {slug: document.offer for slug, document in documents.items()}
    surroundings = site_surroundings(offers)
    shown, pages = _shown(surroundings), {}
    for slug, text in texts.items():
        try:
            if text.digest not in shown:
                page = render(documents[slug], surroundings)
                pages[text.digest] = page, made_with(surroundings, page.uses)
        except BadText as bad:
            new = bad.problems
            if text.digest in moved_in:
                new = publishing.not_only_newer(documents[slug], bad.problems)
            elif text.digest in seen:
                new = _made_by_the_files(text, bad.problems)
            problems += [(f"{slug}.md", problem) for problem in new]
    if problems:
        raise RefusedError(problems)
    return pages, parsed


def _made_by_the_files(text, problems):
    """The problems of a text that readers have had which are not older than these files; none where it is not live now."""
    live = Article.objects.filter(live__digest=text.digest).values_list("page_problems", flat=True)
    known = [found["message"] for of in live for found in of]
    return [problem for problem in problems if live and problem.message not in known]


def _shown(surroundings):
    """The digests of the texts whose pages are as they would be made now."""
    live = Article.objects.filter(live=F("page__revision")).values_list("live__digest", "page_uses", "page_made_with")
    return {text for text, uses, digest in live if digest == made_with(surroundings, uses)}
