"""What may be published as an urgent correction, before a clinician has checked it.

A correction needs something to correct: a text that readers see. A clinician may then change anything. An editor may add to
warnings but take none away, and put a clinical rule back to the cautious answer that it had; elsewhere an editor may also put
back a whole text that a clinician approved. What other words mean no machine can tell: the page says that they are not
checked yet.
"""

from collections import Counter

from siweb.articles.models import APPROVE, Revision
from siweb.articles.rendering import syntax
from siweb.articles.rendering.document import Document

from . import publishing, reconfirmation
from .signature import is_clinical

_WARNINGS = ("emergency", "urgent", "important", "dont")  # the kinds of card that warn
_MOST_NAMED = 5


def denial_reason(article, revision, user):
    """Why somebody may not publish a version as an urgent correction, as a sentence that says what to do, or ""."""
    if article.live is None:
        return "Readers see no text of this article, so there is nothing to correct. Send this one for review."
    if user.has_perm(APPROVE):
        return ""
    text = revision.parsed
    if "signs" in (text.kind, article.live.parsed.kind) and (
        weaker := reconfirmation.weakened_signs(article, revision)
    ):
        return (
            "An urgent correction may add a warning sign or make one stricter. This text takes words, people or a level "
            f"from {_named(weaker)}, so a clinician has to decide. Send it for review."
        )
    if rules := _not_put_back(article, revision):
        return (
            "An urgent correction by an editor may only put a clinical rule back to a cautious answer that it had. This text "
            f"gives another answer to {_named(rules)}, so a clinician has to decide. Send it for review."
        )
    taken = [] if _was_approved(article, revision) else taken_out(Document(article.live.parsed), Document(text))
    if taken:
        return (
            "An urgent correction by an editor may add to a warning, but take none away. This text takes out or changes "
            f"{_named(taken)}, so a clinician has to decide. Send it for review."
        )
    return ""


def _named(names):
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _was_approved(article, revision):
    """Whether a clinician has approved this very text before; never of signs and rules, which have tests of their own."""
    if "signs" in (kinds := {article.live.parsed.kind, revision.parsed.kind}) or "rules" in kinds:
        return False
    same = Revision.objects.filter(article=article, digest=revision.digest).prefetch_related("decisions")
    return any(other.is_approved for other in same)


def _not_put_back(article, revision):
    """The keys of the clinical rules that this text changes, other than to a cautious answer that readers have had."""
    changed = reconfirmation.changed_rules(article, revision)
    changed = {key: after for key, (_, after) in changed.items() if is_clinical(f"rule:{key}")}
    if not changed:
        return []
    had = Revision.objects.filter(article=article, publications__isnull=False).order_by().distinct()
    offers = publishing.offers_of(dict(had.values_list("pk", "digest"))).values()
    cautious = {(rule.key, rule.digest) for offer in offers for rule in offer.rules.values() if not rule.answered}
    return sorted(key for key, rule in changed.items() if rule is None or (key, rule.digest) not in cautious)


def taken_out(before, after):
    """What warns in a document and is no more in another, in words: links and quotes, and lines of cards that warn.

    A line has to stay word for word, in a card of its kind; an urgent one may become an emergency.
    """
    references = _references(before) - _references(after)
    lines = Counter(_lines(before)) - Counter(now := list(_lines(after)))
    gone = [words for kind, words in lines if kind != "urgent" or ("emergency", words) not in now]
    return [*sorted(references), *(f"“{words}”" for words in gone)]


def _references(document):
    """How often a document quotes each rule and list of signs, links to each sign, and gives each number to call."""
    found = Counter()
    signs = {slug for slug, offer in publishing.live_offers().items() if offer.kind == "signs"}
    for token in _outside_entries(document):
        for child in token.children or []:
            if child.type == "quote" and child.meta["kind"] != "clinic":
                found[child.content] += 1
            elif child.type == "link_open":
                href = child.attrGet("href")
                if href.startswith("tel:") or href.partition("#")[0] in signs:
                    found[f"the link to {href}"] += 1
    return found


def _lines(document):
    """(kind of card, words) of each heading and line of the cards that warn."""
    card = ""  # one warns inside no other: only a sheet may hold it
    for token in _outside_entries(document):
        if token.type == "container_card_open":
            kind, words = syntax.card_of(token)
            card = kind if kind in _WARNINGS else card
        elif token.type == "container_card_close":
            card, words = "", ""
        else:
            words = syntax.plain(token) if token.type == "inline" and not _is_quotes(token) else ""
        if card and words.strip():
            yield card, " ".join(words.split())


def _is_quotes(inline):
    return all(child.type in ("quote", "softbreak") for child in inline.children)


def _outside_entries(document):
    """The tokens of a document without the entries of rules and signs, which are compared one by one."""
    depth = 0
    for token in document.tokens:
        if document.text.kind in ("rules", "signs") and token.type in ("dl_open", "dl_close"):
            depth += token.nesting
        elif not depth:
            yield token
