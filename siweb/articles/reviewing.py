"""How a text gets from a draft to readers: the table of its states and of who may decide what, and the deciding itself.

A state is derived from decisions, never stored. A decision is about one revision, so about one exact text: a new revision
begins as a draft, whatever was pending. The rules hold for everybody, superusers too.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from siweb.clinics.models import Clinic
from siweb.models import SiteVersion

from . import publishing
from .files import BadText
from .models import Article, Decision, Reading, Revision
from .models.decision import standing, when

WRITE, APPROVE = "articles.write_article", "articles.approve_article"
KIND = Decision.Kind

# Pages that the law or safety asks for: they stay where they are.
PROTECTED = ("when-to-get-help", "privacy", "complaints", "accessibility")

LONGEST_SCHEDULE = timedelta(days=366)
LONGEST_REVIEW = timedelta(days=3 * 366)


class State(models.TextChoices):
    DRAFT = "draft", "draft"
    IN_REVIEW = "in_review", "in review"
    CHANGES_REQUESTED = "changes_requested", "changes requested"
    APPROVED = "approved", "approved"
    SCHEDULED = "scheduled", "scheduled"
    UNCHECKED = "unchecked", "published, not yet checked"
    PUBLISHED = "published", "published"
    REPLACED = "replaced", "replaced"
    RETIRED = "retired", "retired"


@dataclass(frozen=True)
class Move:
    """One thing that can be done with a text, by whom and from which states."""

    kind: str
    wording: str
    right: str
    sources: tuple
    needs: tuple = ()  # what must be said with it: "note", "publish_at", "review_due", "seen"


MOVES = (
    Move(KIND.REQUEST, "Send for review", WRITE, (State.DRAFT, State.CHANGES_REQUESTED), ("note",)),
    Move(KIND.WITHDRAW, "Take back from review", WRITE, (State.IN_REVIEW,)),
    Move(KIND.READ, "I have read this text", WRITE, (State.IN_REVIEW,), ("seen",)),
    Move(KIND.APPROVE, "Approve this text", APPROVE, (State.IN_REVIEW, State.UNCHECKED), ("seen", "review_due")),
    Move(KIND.ASK, "Ask for changes", APPROVE, (State.IN_REVIEW, State.APPROVED, State.SCHEDULED), ("note",)),
    Move(KIND.PUBLISH, "Publish now", APPROVE, (State.APPROVED, State.SCHEDULED)),
    Move(KIND.SCHEDULE, "Publish later", APPROVE, (State.APPROVED,), ("publish_at",)),
    Move(KIND.CANCEL, "Cancel the schedule", APPROVE, (State.SCHEDULED,)),
    Move(
        KIND.URGENT,
        "Publish as an urgent correction",
        WRITE,
        (State.DRAFT, State.CHANGES_REQUESTED, State.IN_REVIEW, State.APPROVED, State.SCHEDULED),
        ("note",),
    ),
    Move(KIND.CONFIRM, "Confirm that it is still correct", APPROVE, (State.PUBLISHED,), ("seen", "review_due")),
    Move(KIND.RETIRE, "Retire this article", APPROVE, (State.PUBLISHED, State.UNCHECKED), ("note",)),
)
BY_KIND = {move.kind: move for move in MOVES}

# What the newest of these decisions about a text that is not live makes of it.
_BECOMES = {
    KIND.REQUEST: State.IN_REVIEW,
    KIND.READ: State.IN_REVIEW,
    KIND.WITHDRAW: State.DRAFT,
    KIND.ASK: State.CHANGES_REQUESTED,
    KIND.APPROVE: State.APPROVED,
    KIND.CANCEL: State.APPROVED,
    KIND.SCHEDULE: State.SCHEDULED,
    KIND.RETIRE: State.RETIRED,
}


def state_of(article, revision, decisions=None):
    """The state of a revision that is an article's head or its live text; REPLACED for any other."""
    decisions = list(revision.decisions.all()) if decisions is None else decisions
    if revision.pk == article.live_id:
        return State.PUBLISHED if standing(decisions) else State.UNCHECKED
    if revision.pk != article.head_id:
        return State.REPLACED
    newest = max((d for d in decisions if d.kind in _BECOMES), key=when, default=None)
    return _BECOMES[newest.kind] if newest else State.DRAFT


def possible(article, revision, user):
    """The moves that somebody may make with a revision now; what stands in the way of the others is in refusal()."""
    state = state_of(article, revision)
    theirs = [move for move in MOVES if user.has_perm(move.right) and state in move.sources]
    return [move for move in theirs if not refusal(article, revision, move, user, state)]


def refusal(article, revision, move, user, state=None):
    """Why somebody cannot make a move with a revision, as a sentence, or ""."""
    state = state or state_of(article, revision)
    if state not in move.sources:
        return f"This text is {state.label}, so “{move.wording}” is not possible. Look at what has happened, then choose again."
    if move.kind == KIND.APPROVE and user.pk in writers(revision) and not _may_sign_own(revision, user):
        return "You wrote part of this text, so another clinician has to approve it."
    if move.kind == KIND.READ:
        return _no_reader(revision, user)
    if move.kind == KIND.RETIRE and article.slug in PROTECTED:
        return f"The page “{article.slug}” has to stay, so it cannot be retired. Change its words instead."
    return ""


def _no_reader(revision, user):
    if not Clinic.current().one_clinician:
        return "A second person’s reading is recorded only where the clinic has one clinician."
    return "You wrote part of this text, so somebody else has to read it." if user.pk in writers(revision) else ""


def _may_sign_own(revision, user):
    """Whether the clinic has one clinician, and somebody who did not write this text has read it."""
    if not Clinic.current().one_clinician:
        return False
    return revision.decisions.filter(kind=KIND.READ).exclude(by=user).exists()


def writers(revision):
    """The keys of everybody who wrote any part of a text since the last approval.

    Whoever wrote the same text before counts too: a text that is restored is still its writer's. Whoever proposed words
    that an editor took in does not.
    """
    family = {r.pk: r for r in Revision.objects.filter(article=revision.article_id).defer("text")}
    signed = set()
    for decision in Decision.objects.filter(revision__article=revision.article_id, kind__in=(KIND.APPROVE, KIND.ASK)):
        (signed.add if decision.kind == KIND.APPROVE else signed.discard)(decision.revision_id)
    found, seen, todo = set(), set(), [r.pk for r in family.values() if r.digest == revision.digest]
    while todo:
        pk = todo.pop()
        if pk is None or pk in seen or pk in signed:
            continue
        seen.add(pk)
        found.add(family[pk].author_id)
        todo += [family[pk].parent_id, family[pk].merged_id]
    return found - {None}


def look(revision, user):
    """The page that a text makes now, and the digest of what is shown; it is written down that somebody had it on screen."""
    page = publishing.draft_page(revision.article.slug, revision.parsed)
    digest = page_digest(page)
    Reading.objects.create(revision=revision, by=user, page_digest=digest)
    return page, digest


def page_digest(page):
    said = [page.title, page.summary, *page.takeaways, page.author, page.html]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


@transaction.atomic
def decide(revision, kind, by, *, at=None, **said):
    """Make a move with a revision, and return its Decision.

    `said` holds what the move needs: note, seen (the digest of the page that was on screen), review_due, publish_at, and
    may hold advice (of a request) and confirm (keys of articles that quote a changed rule or picture and are still
    correct, of a publication). Raises ValidationError for what is not possible, and BadText for a text that cannot be
    shown; nothing is changed then.
    """
    now = at or timezone.now()
    article = Article.objects.select_for_update().get(pk=revision.article_id)
    move = BY_KIND.get(kind)
    if move is None or not by.has_perm(move.right):
        raise ValidationError("This is not yours to decide.")
    problem = refusal(article, revision, move, by) or _missing(move, now, said)
    if problem:
        raise ValidationError(problem)
    columns = {name: said[name] for name in ("note", "advice", *move.needs) if said.get(name) and name != "seen"}
    if "seen" in move.needs:
        columns["quotes"] = _quotes_as_seen(article, revision, by, said["seen"])
        columns = columns if move.kind != KIND.READ else columns | {"quotes": {}}
    columns["own_text"] = kind == KIND.APPROVE and by.pk in writers(revision)
    return _CARRY_OUT.get(kind, _note_down)(article, revision, kind, by, now, columns, said.get("confirm", ()))


def _missing(move, now, said):
    note, due, publish_at = said.get("note", "").strip(), said.get("review_due"), said.get("publish_at")
    if "note" in move.needs and not note:
        return f"Say in a sentence why, then press “{move.wording}” again."
    if "seen" in move.needs and not said.get("seen"):
        return "Read the text on this page first, then press it again."
    if "review_due" in move.needs and not (due and now.date() < due <= now.date() + LONGEST_REVIEW):
        return "Choose the day of the next check: after today, and within three years."
    if "publish_at" in move.needs and not (publish_at and now < publish_at <= now + LONGEST_SCHEDULE):
        return "Choose a time to come, within a year."
    return ""


def _quotes_as_seen(article, revision, by, seen):
    """What the page quotes now. Raises ValidationError unless this very page was on this person's screen."""
    page = publishing.draft_page(article.slug, revision.parsed)
    had_it = Reading.objects.filter(revision=revision, by=by, page_digest=seen).exists()
    if seen != page_digest(page) or not had_it:
        raise ValidationError(
            "This page has changed since it was on your screen, or was not on it. Read it as it is now, then decide."
        )
    return page.quotes


def _note_down(article, revision, kind, by, now, columns, confirm=()):
    decision = Decision.objects.create(revision=revision, kind=kind, by=by, at=now, **columns)
    if revision.pk == article.live_id:
        SiteVersion.move()  # pages say who has checked them, and when
    return decision


def _show(article, revision, kind, by, now, columns, confirm):
    decision = _note_down(article, revision, kind, by, now, columns)
    if article.slug in PROTECTED and article.page and article.page.kind != revision.parsed.kind:
        raise ValidationError(f"The page “{article.slug}” has to keep its address, so its kind cannot change.")
    publishing.publish(article)
    _confirm_quotes(confirm, by, now)
    return decision


def _take_down(article, revision, kind, by, now, columns, confirm):
    try:
        publishing.take_down(article)
    except BadText as bad:
        pages = sorted({problem.message.partition(".md")[0] for problem in bad.problems})
        raise ValidationError(
            f"Other pages point at this one: {', '.join(pages)}. Take these links out first, then retire it."
        ) from None
    return _note_down(article, revision, kind, by, now, columns)


_CARRY_OUT = {KIND.PUBLISH: _show, KIND.URGENT: _show, KIND.RETIRE: _take_down}


def _confirm_quotes(keys, by, now):
    """The approved articles that somebody says are still correct beside the rule or picture that has just changed."""
    for article in Article.objects.filter(pk__in=keys).select_related("live", "page"):
        last = article.live.last_check
        if last and last.quotes != article.page.quotes:
            Decision.objects.create(
                revision=article.live,
                kind=KIND.CONFIRM,
                by=by,
                at=now,
                review_due=last.review_due,
                quotes=article.page.quotes,
                note="still correct with what it quotes",
            )


def quoting(article, revision):
    """The approved live articles that would quote a rule of this text in other words than they do now."""
    offers = publishing.live_offers()
    before = offers[article.slug].rules if article.slug in offers else {}
    after = publishing.Document(revision.parsed).rules
    changed = {f"rule:{key}" for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    live = Article.objects.published().exclude(pk=article.pk).select_related("page", "live")
    live = live.prefetch_related("live__decisions").order_by("page__order", "page__title")
    return [other for other in live if changed & other.page.quotes.keys() and other.live.last_check]


def to_confirm():
    """The approved articles that quote a rule or picture which is not as it was when they were last checked."""
    live = Article.objects.published().select_related("page", "live").prefetch_related("live__decisions")
    checked = ((article, article.live.last_check) for article in live.order_by("page__order", "page__title"))
    return [article for article, check in checked if check and check.quotes != article.page.quotes]


def publish_due(now=None):
    """Show the texts whose time has come; how many. One that cannot be shown any more is cancelled, with the reason."""
    now = now or timezone.now()
    due = Decision.objects.filter(kind=KIND.SCHEDULE, publish_at__lte=now, revision=models.F("revision__article__head"))
    shown = 0
    for schedule in due.select_related("revision__article", "by").order_by("publish_at"):
        shown += _publish_scheduled(schedule, now)
    return shown


@transaction.atomic
def _publish_scheduled(schedule, now):
    article = Article.objects.select_for_update().get(pk=schedule.revision.article_id)
    revision = schedule.revision
    if state_of(article, revision) != State.SCHEDULED:
        return False
    try:
        with transaction.atomic():
            _show(article, revision, KIND.PUBLISH, schedule.by, now, {"note": "as scheduled"}, ())
    except (BadText, ValidationError) as problem:
        said = "; ".join(problem.messages) if isinstance(problem, ValidationError) else str(problem)
        Decision.objects.create(revision=revision, kind=KIND.CANCEL, at=now, note=f"It could not be shown: {said}")
        return False
    return True
