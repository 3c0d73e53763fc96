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

from siweb.articles.linting.report import advice
from siweb.articles.models import APPROVE, WRITE, Article, Decision, Reading
from siweb.articles.models.decision import standing, when
from siweb.articles.rendering.document import Document
from siweb.articles.text.front_matter import BadText
from siweb.clinics.models import Clinic
from siweb.core.models import SiteVersion
from siweb.core.page_roles import ROLES

from . import held, own_words, publishing, reconfirmation, roles, urgent
from .own_words import writers
from .signature import changed_quotes, is_clinical

KIND = Decision.Kind

LONGEST_SCHEDULE = timedelta(days=366)
LONGEST_REVIEW = timedelta(days=366 + 365)  # 24 months


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
    needs: tuple = ()  # what must be said with it: "note", "reason", "publish_at", "review_due", "seen"


MOVES = (
    Move(
        KIND.REQUEST,
        "Send for review",
        WRITE,
        (State.DRAFT, State.CHANGES_REQUESTED, State.RETIRED),
        ("note", "reason"),
    ),
    Move(KIND.WITHDRAW, "Take back from review", WRITE, (State.IN_REVIEW,)),
    Move(KIND.READ, "I have read this text", WRITE, (State.IN_REVIEW, State.UNCHECKED, State.PUBLISHED), ("seen",)),
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
    Move(
        KIND.CONFIRM,
        "Confirm that it is still correct",
        APPROVE,
        (State.PUBLISHED, State.APPROVED, State.SCHEDULED),
        ("seen", "review_due"),
    ),
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
    return state_by(newest) if newest else State.DRAFT


def state_by(decision):
    """What one of the decisions that move a version which is not live has made of it."""
    return _BECOMES[decision.kind]


def possible(article, revision, user, moves=MOVES):
    """Which moves somebody may make with a revision now; what stands in the way of the others is in refusal()."""
    state = state_of(article, revision)
    theirs = [move for move in moves if user.has_perm(move.right) and state in move.sources]
    changed = held.changed_since_approval(article, revision) if theirs and state in AGREED else None
    return [move for move in theirs if not refusal(article, revision, move, user, state, changed)]


def refusal(article, revision, move, user, state=None, changed=None):
    """Why somebody cannot make a move with a revision, as a sentence, or "".

    `changed` may be what held.changed_since_approval() returned for it.
    """
    state = state or state_of(article, revision)
    if state not in move.sources:
        return f"This text is {state.label}, so “{move.wording}” is not possible. Look at what has happened, then choose again."
    if move.kind == KIND.APPROVE and user.pk in writers(revision) and not own_words.may_sign_own(revision, user):
        return own_words.NOT_OWN_AS_THE_ONLY_ONE if Clinic.current().one_clinician else own_words.NOT_OWN
    if move.kind == KIND.READ:
        return _no_reader(article, revision, user, state)
    if move.kind == KIND.URGENT and (reason := urgent.denial_reason(article, revision, user)):
        return reason
    if state in AGREED and move.kind in (KIND.PUBLISH, KIND.SCHEDULE, KIND.CONFIRM):
        changed = held.changed_since_approval(article, revision) if changed is None else changed
        if move.kind == KIND.CONFIRM and not changed:
            return "Nothing that this text quotes has changed since it was approved, so there is nothing to confirm."
        if move.kind != KIND.CONFIRM and changed:
            return HELD.format(held.in_words(changed))
    if move.kind in (KIND.APPROVE, KIND.CONFIRM) and (reason := _own_quotes(article, revision, user, changed)):
        return reason
    if move.kind == KIND.RETIRE and (needed := roles.needed_roles_of(article)):
        return (
            f"The site needs this page: {ROLES[needed[0]].use}. So it has to stay and cannot be retired. Change its text "
            "instead."
        )
    return _wrong_roles(article, revision) if move.kind in _SHOWS_TO_READERS else ""


_SHOWS_TO_READERS = (KIND.PUBLISH, KIND.SCHEDULE, KIND.URGENT)


def _wrong_roles(article, revision):
    """What is wrong with the roles of a text that is to be live, as sentences; or ""."""
    return " ".join(problem.message for problem in roles.problems_of(article.slug, revision.parsed))


AGREED = (State.APPROVED, State.SCHEDULED)  # and not published yet
HELD = (
    "This page waits, because it would not be what was approved: {} changed since then. Read it again, then press "
    "“Confirm that it is still correct”."
)


def _own_quotes(article, revision, user, changed):
    """Why somebody may not check what a page quotes, as a sentence, or "": of it they changed something themselves."""
    if not (own := own_words.own_quotes(user)):
        return ""
    if changed is None:
        page = article.page if revision.pk == article.live_id else _page_or_none(article, revision)
        changed = page.quotes if page else ()
        if revision.is_approved:
            changed = changed_quotes(revision.decisions.all(), changed)
    return own_words.denial_reason({quote for quote in changed if quote in own and is_clinical(quote)}, user)


def _page_or_none(article, revision):
    """The page that a draft would be, or None for one that cannot be shown: nobody can decide about that one."""
    try:
        return publishing.draft_page(article.slug, revision.parsed)
    except BadText:
        return None


def _no_reader(article, revision, user, state):
    if state == State.PUBLISHED and not changed_quotes(revision.decisions.all(), article.page.quotes):
        return "Nothing on this page has changed since it was checked, so nobody has to read it."
    if not Clinic.current().one_clinician:
        return "A second person’s reading is recorded only where the clinic has one clinician."
    return "You wrote part of this text, so somebody else has to read it." if user.pk in writers(revision) else ""


def render_for_review(revision):
    """The page that a version makes now, and its digest. Raises BadText. Sending it to a browser is no reading."""
    page = publishing.review_page(revision.article, revision)
    return page, page_digest(page)


def page_digest(page):
    """The digest of a page with all that it quotes: what it leads to, such as a meaning, changes no letter of its HTML."""
    quotes = (f"{quote} {digest}" for quote, digest in sorted(page.quotes.items()))
    said = [page.title, page.summary, *page.takeaways, page.author, page.html, *quotes]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


@transaction.atomic
def decide(revision, kind, by, *, at=None, **said):
    """Make a move with a revision, and return its Decision.

    `said` holds what the move needs: note, seen (the digest of the page that was on screen), read (that this person says
    that they have read it), review_due, publish_at, reason (why advice was left standing), and of a publication may hold
    confirm (keys of articles that quote a changed rule and are still correct). Raises ValidationError for what is not
    possible, and BadText for a text that cannot be shown; nothing is changed then.
    """
    now = at or timezone.now()
    SiteVersion.lock()  # before the article, as an import does: two that wait for one another would never end
    article = Article.objects.select_for_update().get(pk=revision.article_id)
    revision = article.revisions.get(pk=revision.pk)
    move = BY_KIND.get(kind)
    if move is None or not by.has_perm(move.right):
        raise ValidationError("You do not have permission to decide this.")
    if problem := refusal(article, revision, move, by):
        raise ValidationError(problem, code="moved")
    if problem := _missing(move, now, said):
        raise ValidationError(problem)
    columns = {name: said[name] for name in {"note", *move.needs} & _COLUMNS if said.get(name)}
    if kind in (KIND.REQUEST, KIND.SCHEDULE):
        publishing.publishable_page(article.slug, revision.parsed)
    if "reason" in move.needs:
        columns["advice"] = _advice_left(revision, said)
    if "seen" in move.needs:
        columns["quotes"] = _quotes_as_read(article, revision, by, said)
        columns = columns if move.kind != KIND.READ else columns | {"quotes": {}}
    confirm = said.get("confirm", ()) if kind == KIND.PUBLISH else ()
    columns["own_text"] = _is_of_own_words(revision, kind, by, columns)
    return _CARRY_OUT.get(kind, _note_down)(article, revision, kind, by, now, columns, confirm)


def _is_of_own_words(revision, kind, by, columns):
    """Whether somebody checks words of their own, as the only clinician may: of the text, or of what it quotes."""
    if kind not in (KIND.APPROVE, KIND.CONFIRM):
        return False
    is_writer = kind == KIND.APPROVE and by.pk in writers(revision)
    return is_writer or any(is_clinical(quote) for quote in own_words.own_quotes(by) & columns["quotes"].keys())


_COLUMNS = {"note", "publish_at", "review_due"}


def _missing(move, now, said):
    note, due, publish_at = said.get("note", "").strip(), said.get("review_due"), said.get("publish_at")
    today = timezone.localdate(now)
    if "note" in move.needs and not note:
        return f"Say in a sentence why, then press “{move.wording}” again."
    if "seen" in move.needs and not said.get("seen"):
        return "Read the text on this page first, then press it again."
    if "review_due" in move.needs and not (due and today < due <= today + LONGEST_REVIEW):
        return "Choose the day of the next check: after today, and within two years."
    if "publish_at" in move.needs and not (publish_at and now < publish_at <= now + LONGEST_SCHEDULE):
        return "Choose a time to come, within a year."
    return ""


def _advice_left(revision, said):
    """What the checks advise and the writer has left as it is, with the reason, for the clinician to see."""
    left = advice(Document(revision.parsed), Clinic.current().name, publishing.live_surroundings())
    found = [{"key": problem.key, "where": problem.where, "message": problem.message} for problem in left]
    reason = said.get("reason", "").strip()
    if found and not reason:
        raise ValidationError(
            "The checks still advise something. Follow it, or say in a sentence why it stays as it is."
        )
    return {"reason": reason, "found": found} if found else {}


def _quotes_as_read(article, revision, by, said):
    """What the page quotes now. Raises ValidationError unless this person says that they have read this very page."""
    page, seen = publishing.review_page(article, revision), said["seen"]
    if seen != page_digest(page):
        raise ValidationError(
            "This page has changed since it was on your screen. Read it as it is now, then decide.", code="moved"
        )
    had_it = Reading.objects.filter(revision=revision, by=by, page_digest=seen).exists()
    if not had_it and not said.get("read"):
        raise ValidationError("Read the page to its end, then tick that you have read it.")
    if not had_it:
        Reading.objects.create(revision=revision, by=by, page_digest=seen)
    return page.quotes


def _note_down(article, revision, kind, by, now, columns, confirm=()):
    decision = Decision.objects.create(revision=revision, kind=kind, by=by, at=now, **columns)
    if revision.pk == article.live_id:
        SiteVersion.move()  # pages say who has checked them, and when
    return decision


def show_readers(article, revision, kind, by, now, columns, confirm=()):
    """Publish a text that may be published, and confirm what is still correct beside it."""
    listed = reconfirmation.quoting(article, revision) if confirm else ()
    decision = _note_down(article, revision, kind, by, now, columns)
    publishing.publish(article)
    approval = revision.approval
    ticked = [other for other in listed if other.pk in confirm]
    reconfirmation.check_what_changed(ticked, by, now, own_text=bool(approval and approval.own_text))
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


_CARRY_OUT = {KIND.PUBLISH: show_readers, KIND.URGENT: show_readers, KIND.RETIRE: _take_down}


def last_checked(article):
    """The newest text of an article that a clinician has approved and nobody has asked changes of, or None."""
    approvals = Decision.objects.filter(revision__article=article, kind=KIND.APPROVE).select_related("revision")
    approved = (decision.revision for decision in approvals.order_by("-at", "-id"))
    return next((revision for revision in approved if revision.is_approved), None)


def diagram():
    """The table as a Mermaid state diagram: one line for each pair of states, with the moves between them."""
    lines = {("[*]", State.DRAFT): ["written, or from a file after staff have written or approved one"]}
    lines["[*]", State.UNCHECKED] = ["from a file, before staff have written or approved one"]
    for move in MOVES:
        for source in move.sources:
            target = _leads_to(move.kind, source)
            if target != source:
                lines.setdefault((source, target), []).append(move.wording)
    lines[State.SCHEDULED, State.PUBLISHED].append("its time has come")
    return "\n".join(
        ["stateDiagram-v2", *(f"    {source} --> {target}: {', '.join(of)}" for (source, target), of in lines.items())]
    )


def _leads_to(kind, source):
    live = source in (State.UNCHECKED, State.PUBLISHED)
    if kind == KIND.URGENT:
        return State.PUBLISHED if source in (State.APPROVED, State.SCHEDULED) else State.UNCHECKED
    if kind == KIND.PUBLISH or kind == KIND.APPROVE and live:
        return State.PUBLISHED
    return source if kind in (KIND.READ, KIND.CONFIRM) else _BECOMES[kind]
