"""How articles stand: what readers see of each, what is in the making, and what somebody has to do about it.

For many articles at once: a fixed number of queries, whatever the number of articles and revisions, and no text is loaded.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Case, OuterRef, Prefetch, Subquery, Value, When
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils import timezone

from siweb.articles.models import Article, Decision, Proposal, Publication, Revision
from siweb.articles.models.decision import when
from siweb.articles.text.front_matter import title_in

from .signature import QuoteNames, signature_of
from .workflow import State, state_of

SOON = timedelta(days=30)  # before a check is due, people are told

_TEXTS = ("live__text", "head__text", "incoming__text", "page__html", "page__outline")
_FRONT = 2500  # characters: enough for the longest title, every letter of it escaped


def standings(articles=None, today=None):
    """A Standing for each article, by title."""
    today = today or timezone.localdate()
    articles, names = _as_they_stand(Article.objects if articles is None else articles), QuoteNames()
    found = [Standing(article, today, names) for article in articles]
    return sorted(found, key=lambda standing: standing.title.casefold())


def _as_they_stand(articles):
    made = Publication.objects.filter(revision=OuterRef("live")).order_by("at")
    open_proposals = Proposal.objects.filter(revision__article=OuterRef("pk"), outcome=Proposal.Outcome.OPEN).order_by(
        "at"
    )
    decisions = Decision.objects.select_related("by")
    return (
        articles.select_related("live", "head__author", "incoming", "page")
        .defer(*_TEXTS)
        .annotate(
            live_since=Subquery(made.values("at")[:1]),
            proposed_at=Subquery(open_proposals.values("at")[:1]),
            begins=Case(When(page__isnull=True, then=Substr("head__text", 1, _FRONT)), default=Value("")),
        )
        .prefetch_related(Prefetch("live__decisions", decisions), Prefetch("head__decisions", decisions))
    )


@dataclass(frozen=True)
class Mark:
    """A flag in words, and how loud it is: "late", "soon" or "plain"."""

    words: str
    tone: str


@dataclass(eq=False)
class Standing:
    """One article, as staff's list and dashboard show it."""

    article: Article
    today: date
    names: QuoteNames

    @property
    def title(self):
        if self.article.page:
            return self.article.page.title
        return title_in(self.article.begins or "") or self.article.slug

    @cached_property
    def live(self):
        """The state of what readers see, or None when they see nothing."""
        return state_of(self.article, self.article.live) if self.article.live else None

    @cached_property
    def draft(self):
        """The state of the newest staff text, or None when it is what readers see."""
        article = self.article
        return state_of(article, article.head) if article.head_id not in (None, article.live_id) else None

    @property
    def is_retired(self):
        return self.live is None and self.draft == State.RETIRED

    @property
    def drafted(self):
        """The text in the making, or None."""
        return self.article.head if self.draft and not self.is_retired else None

    def newest(self, *kinds):
        """The newest decision of these kinds about the text in the making, or None."""
        made = self.article.head.decisions.all() if self.article.head else []
        return max((decision for decision in made if decision.kind in kinds), key=when, default=None)

    @cached_property
    def signature(self):
        """The Signature of what readers see, or None when they see nothing."""
        return signature_of(self.article.live, self.article.page.quotes, self.names) if self.article.live else None

    @property
    def check(self):
        """The newest approval or confirmation of what readers see, or None."""
        return self.signature.check if self.signature else None

    @property
    def due(self):
        return self.check.review_due if self.check else None

    @property
    def is_overdue(self):
        return bool(self.due) and self.due < self.today

    @property
    def is_due_soon(self):
        return bool(self.due) and self.today <= self.due <= self.today + SOON

    @property
    def urgent_since(self):
        """Since when readers see a correction that no clinician has confirmed yet, or None."""
        return self.signature.urgent_since if self.signature else None

    @property
    def changed(self):
        """What the page quotes that is not as it was checked: such as "rule:driving"."""
        return self.signature.changed if self.signature else ()

    @property
    def file_gone(self):
        return bool(self.article.last_file_digest) and not self.article.in_files

    @property
    def live_review(self):
        """The address where what readers see is judged, whatever is in the making."""
        page = reverse("admin:articles_article_review", args=[self.article.pk])
        return f"{page}?revision={self.article.live.number}"

    @property
    def source(self):
        if not self.article.last_file_digest:
            return "staff only"
        from_file = self.article.head and self.article.head.source == Revision.Source.FILE
        return ("file" if from_file else "file + staff edit") + (", file gone" if self.file_gone else "")

    @property
    def states(self):
        """The states in words, with how loud each is: first what readers see, then what is in the making."""
        tones = {
            State.UNCHECKED: "soon",
            State.CHANGES_REQUESTED: "late",
            State.PUBLISHED: "good",
            State.RETIRED: "plain",
        }
        return [Mark(state.label, tones.get(state, "plain")) for state in (self.live, self.draft) if state]

    @property
    def flags(self):
        """What somebody has to do something about, in words."""
        flags = (
            (self.article.incoming_id, Mark("the file has changed: needs a decision", "late")),
            (self.article.proposed_at, Mark("a clinician proposes other words", "soon")),
            (self.urgent_since, Mark("urgent correction, to be confirmed", "late")),
            (self.changed, Mark(f"not checked since it changed: {self.names.phrase(self.changed)}", "late")),
            (self.is_overdue, Mark("check overdue", "late")),
            (self.is_due_soon, Mark("check due soon", "soon")),
            (self.file_gone, Mark("file gone", "soon")),
        )
        return [mark for holds, mark in flags if holds]

    @property
    def needs_action(self):
        return bool(self.flags) or self.draft in (State.CHANGES_REQUESTED, State.IN_REVIEW, State.APPROVED)
