"""What a clinician's signature covers: who checked a text and when, and which parts have changed since.

A signature covers the text and every clinical part that its page shows of another text: rules, warning signs, meanings of
terms, drawings and pictures. This module alone decides; every page, sheet, list and form that shows a status asks it.
"""

from dataclasses import dataclass, field
from functools import cached_property

from django.utils import timezone

from siweb.articles.models import Decision
from siweb.articles.models.decision import last_check, when
from siweb.articles.rendering import syntax
from siweb.core import shared_texts

from . import publishing

MAX_NAMED = 3  # changed parts that the line under a title names; the detail at the foot lists all

# Rules that the practice manager answers. Like the clinic's phone number, hours and address, they do not reopen a signature.
# Every other quote is clinical, also the rules on cancelling and on interpreters: until the manager has answered, they say
# what to do about a fever and in an emergency.
NOT_CLINICAL = frozenset({"rule:price", "rule:access"})


def is_clinical(quote):
    """Whether a quote, such as "rule:driving", is part of what a clinician approves."""
    return quote not in NOT_CLINICAL


def changed_quotes(decisions, quotes):
    """The clinical quotes of a page that are not as they were checked, in order; none without an approval.

    `decisions` are those about one revision, `quotes` is {quote: digest} of the page that it makes. A quote that is gone has
    changed too.
    """
    checked = checked_quotes(decisions)
    if checked is None:
        return ()
    return tuple(q for q in sorted(checked.keys() | quotes.keys()) if is_clinical(q) and _differ(checked, quotes, q))


def checked_quotes(decisions):
    """{quote: digest} as clinicians have checked them, or None: the last check of the whole, then single quotes."""
    check = last_check(decisions)
    if check is None:
        return None
    checked = dict(check.quotes)
    for decision in _since(decisions, check):
        checked |= decision.quotes
    return checked


def _since(decisions, check):
    """The approvals of single quotes that were made after a check, in order."""
    return sorted((d for d in decisions if d.kind == Decision.Kind.QUOTE and when(d) > when(check)), key=when)


def _differ(one, other, quote):
    return one.get(quote, "") != other.get(quote, "")


class QuoteNames:
    """What readers and staff call each quote. Reads the rules only when one is to be named, and then once."""

    def __getitem__(self, quote):
        kind, _, key = quote.partition(":")
        return getattr(self, f"_{kind}")(key)

    def phrase(self, quotes):
        """The names of some quotes, the first of them in full; "" for none."""
        names = [self[quote] for quote in quotes[:MAX_NAMED]]
        if more := len(quotes) - len(names):
            names.append(f"{more} other part{'' if more == 1 else 's'}")
        return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))

    def _rule(self, key):
        return f"the rule “{self._questions.get(key) or _spaced(key)}”"

    def _sign(self, key):
        short = next((sign.short for sign in shared_texts.signs() if sign.key == key), _spaced(key))
        return f"the warning sign “{short}”"

    def _signs(self, name):
        return describe(f"signs:{name}")

    def _term(self, name):
        return f"the meaning of “{name}”"

    def _figure(self, name):
        return f"the picture “{_spaced(name)}”"

    @cached_property
    def _questions(self):
        rules, facts = publishing.published_rules()
        return {key: syntax.filled(rule.question, facts) for key, rule in rules.items()}


def _spaced(key):
    return key.replace("-", " ")


_KINDS = {
    "rule": "the rule",
    "sign": "the warning sign",
    "signs": "the warning signs",  # in decisions of earlier releases, which recorded a list as one quote
    "term": "the meaning of",
    "figure": "the picture",
}


def describe(quote):
    """Name a quote by its key alone, for notes that outlive what it was called."""
    kind, _, key = quote.partition(":")
    return f"{_KINDS[kind]} “{_spaced(key)}”"


@dataclass(frozen=True)
class Signature:
    """Whether a page has been checked, by whom and when, and what has changed on it since."""

    check: Decision | None = None  # the last check of the whole text
    changed: tuple = ()  # quotes that have changed since and that no clinician has checked
    rechecked: tuple = ()  # (Decision, its quotes) that changed since and were checked on their own
    second_reader: object = None  # of a text that its own writer approved
    urgent_since: object = None  # when it was published without a check, which it still has not had
    names: QuoteNames = field(default_factory=QuoteNames, compare=False)

    @property
    def is_complete(self):
        """Whether a clinician has checked everything that the page shows."""
        return bool(self.check) and not self.changed

    @property
    def due(self):
        return self.check.review_due if self.check else None

    @property
    def is_overdue(self):
        return bool(self.check) and self.check.review_due < timezone.localdate()

    @property
    def long_list(self):
        """The names of all that has changed and is not checked, where the sentence cannot name them all."""
        return [self.names[quote] for quote in self.changed] if len(self.changed) > MAX_NAMED else []

    @property
    def changed_sentence(self):
        """Such as "Since then the rule “…” has changed here, and that part is not yet checked."; "" if nothing has."""
        if not self.changed:
            return ""
        one = len(self.changed) == 1
        rest = "has changed here, and that part is" if one else "have changed here, and these parts are"
        return f"Since then {self.names.phrase(self.changed)} {rest} not yet checked."

    @property
    def rechecked_phrases(self):
        """The same as rechecked_names for a single line: [(names, the first of them in full; Decision)]."""
        return [(self.names.phrase(quotes), decision) for decision, quotes in self.rechecked]

    @property
    def rechecked_names(self):
        """[(names, Decision)] of what changed since the check of the whole and was checked on its own."""
        return [([self.names[quote] for quote in quotes], decision) for decision, quotes in self.rechecked]


def signature_of(revision, quotes, names=None):
    """The Signature of the page that a revision makes, which shows these quotes: {quote: digest}.

    Reads the revision's decisions alone, so for many revisions whose decisions are prefetched nothing more is read.
    """
    decisions, names = list(revision.decisions.all()), names or QuoteNames()
    check = last_check(decisions)
    if check is None:
        return Signature(urgent_since=revision.urgent_since, names=names)
    changed = changed_quotes(decisions, quotes)
    rechecked = tuple(_rechecked(check, _since(decisions, check), quotes))
    return Signature(check, changed, rechecked, revision.second_reader, names=names)


def _rechecked(check, later, quotes):
    """(Decision, quotes) of what a page shows otherwise than at a check, and as a later approval of a part has it."""
    newest = {quote: decision for decision in later for quote in decision.quotes}
    for decision in later:
        found = [q for q in decision.quotes if newest[q] == decision and not _differ(decision.quotes, quotes, q)]
        if found := tuple(q for q in sorted(found) if _differ(check.quotes, quotes, q)):
            yield decision, found
