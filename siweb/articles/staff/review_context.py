"""What a text is judged by: what changed, who wrote it, the page that it makes, its sources, rules and checks."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import prefetch_related_objects
from django.utils import timezone

from siweb.articles.editorial import held, own_words, publishing, reconfirmation, suggestions, workflow
from siweb.articles.editorial.signature import signature_of
from siweb.articles.editorial.workflow import BY_KIND
from siweb.articles.linting import citations
from siweb.articles.linting import report as checks
from siweb.articles.models import Decision
from siweb.articles.models.decision import when
from siweb.articles.rendering.document import Document
from siweb.articles.text.diff import compare
from siweb.articles.text.front_matter import BadText
from siweb.clinics.models import Clinic

KIND = Decision.Kind
MOST_EVENTS = 40  # that the page tells of; the history has them all


@dataclass(frozen=True)
class Event:
    """One line of what has happened."""

    at: datetime
    by: object
    what: str
    note: str = ""
    facts: tuple = ()


@dataclass
class Other:
    """An approved article that quotes a rule, sign or term which this text changes."""

    article: object
    is_confirmed: bool = False


class Evidence:
    """All that the page of one revision shows to one person; each part is worked out when it is asked for."""

    def __init__(self, article, revision, user):
        self.article, self.revision, self.user = article, revision, user
        self.text = revision.parsed
        self.page, self.errors = None, ()
        try:
            self.page = publishing.review_page(article, revision, self.document, self.context)
        except BadText as bad:
            self.errors = bad.problems

    @cached_property
    def context(self):
        """What the text may quote and point at."""
        return publishing.draft_surroundings(self.article.slug, self.document)

    @cached_property
    def document(self):
        return Document(self.text)

    @cached_property
    def state(self):
        return workflow.state_of(self.article, self.revision)

    @property
    def digest(self):
        """The digest of the page as it is on screen; "" when it cannot be shown."""
        return workflow.page_digest(self.page) if self.page else ""

    @property
    def code(self):
        """A short form of it, for people."""
        return f"{self.digest[:4]} {self.digest[4:8]}"

    @property
    def is_live(self):
        return self.revision.pk == self.article.live_id

    @cached_property
    def signature(self):
        """What a clinician's check of this text covers of the page that it makes now."""
        return signature_of(self.revision, self.page.quotes if self.page else {})

    @cached_property
    def waits_for(self):
        """What has changed on an approved page that is not published yet, in words; "" where nothing has."""
        if self.state not in workflow.AGREED:
            return ""
        return held.in_words(held.changed_since_approval(self.article, self.revision, self.context))

    @cached_property
    def differences(self):
        """From the text that readers see to this one, line by line; None where there is nothing to compare with."""
        live = self.article.live
        return compare(live.text, self.revision.text) if live and not self.is_live else None

    @cached_property
    def written(self):
        """The revisions that this text comes from since the last approval, newest first."""
        revisions = own_words.unsigned(self.revision)[::-1]
        prefetch_related_objects(revisions, "author")
        return revisions

    @cached_property
    def decisions(self):
        return list(self.revision.decisions.select_related("by"))

    @property
    def request(self):
        """How the text was sent for review, or None."""
        return max((d for d in self.decisions if d.kind == KIND.REQUEST), key=when, default=None)

    @cached_property
    def report(self):
        return checks.report(self.document, self.page, self.errors, Clinic.current().name, self.context)

    @cached_property
    def sources(self):
        return list(citations.sources(self.document))

    @cached_property
    def rules(self):
        """The clinic's rules that the page quotes, as they are now."""
        if not self.page:
            return []
        offered = {key: rule for offer in publishing.live_offers().values() for key, rule in offer.rules.items()}
        offered |= self.document.rules
        return [offered[name.removeprefix("rule:")] for name in self.page.quotes if name.startswith("rule:")]

    @cached_property
    def changed_rules(self):
        """What this text makes of rules that other pages quote: (key, comparison of the answers)."""
        if self.is_live:
            return []
        changed = reconfirmation.changed_rules(self.article, self.revision)
        return [(key, compare(_said(old), _said(new))) for key, (old, new) in changed.items()]

    @cached_property
    def others(self):
        """The approved pages that show rules, signs or terms which this text changes."""
        return [] if self.is_live else [Other(other) for other in reconfirmation.quoting(self.article, self.revision)]

    @cached_property
    def proposals(self):
        return list(suggestions.waiting(self.article))

    @cached_property
    def may_propose(self):
        return self.user.has_perm(workflow.APPROVE) and self.revision.pk == self.article.head_id

    @cached_property
    def moves(self):
        """What this person may decide now. What needs the page on screen waits until it can be shown."""
        possible = workflow.possible(self.article, self.revision, self.user)
        return [move for move in possible if self.page or "seen" not in move.needs]

    @cached_property
    def in_the_way(self):
        """Why this person may not approve, read or urgently publish the text, in sentences."""
        is_published = self.state == workflow.State.PUBLISHED
        needs_reader = Clinic.current().one_clinician and not is_published
        kinds = [KIND.CONFIRM if is_published else KIND.APPROVE, *[KIND.READ] * needs_reader]
        kinds += [KIND.URGENT] * bool(self.article.live)
        theirs = [BY_KIND[kind] for kind in kinds if self.user.has_perm(BY_KIND[kind].right)]
        return [
            problem
            for move in theirs
            if self.state in move.sources
            and (problem := workflow.refusal(self.article, self.revision, move, self.user, self.state))
        ]

    @cached_property
    def events(self):
        """What was written and decided about the article, newest first."""
        decided = Decision.objects.filter(revision__article=self.article).select_related("by", "revision")
        events = [_decided(decision) for decision in decided.defer("revision__text")]
        events += [_written(r) for r in self.article.revisions.select_related("author").defer("text")]
        return sorted(events, key=lambda event: event.at, reverse=True)[:MOST_EVENTS]


def _said(rule):
    return f"{rule.question}\n{rule.written}" if rule else ""


def _written(revision):
    return Event(
        revision.created_at, revision.author, f"Text {revision.number} {revision.get_source_display()}", revision.note
    )


def _decided(decision):
    facts = []
    if decision.publish_at:
        facts.append(f"to be shown from {timezone.localtime(decision.publish_at):%-d %B %Y, %H:%M}")
    if decision.review_due:
        facts.append(f"next check due {decision.review_due:%-d %B %Y}")
    what = f"Text {decision.revision.number} {decision.get_kind_display()}"
    return Event(decision.at, decision.by, what, decision.note, tuple(facts))
