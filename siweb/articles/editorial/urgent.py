"""What may be published as an urgent correction, before a clinician has checked it.

A correction needs something to correct: a text that readers see. A clinician may then change anything. An editor may add to
warnings but take none away, and put a clinical rule back to the cautious answer that it had; elsewhere an editor may also put
back a whole text that a clinician approved. What other words mean no machine can tell: the page says that they are not
checked yet.
"""

from siweb.articles.models import APPROVE, Revision
from siweb.articles.rendering.document import Document

from . import publishing, reconfirmation
from .signature import is_clinical
from .warning_lines import gives_advice, taken_out

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
            "An urgent correction may add a warning sign or make one stricter. This text changes words, people or a "
            f"level of {_named(weaker)}, so a clinician has to decide. Send it for review."
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
    """The keys of the rules that this text changes and that a clinician decides about.

    A clinical rule that has an answer, or is gone, may be put back to the newest cautious answer that readers have had. A rule
    of the manager's may change as long as it gives no advice.
    """
    changed = reconfirmation.changed_rules(article, revision)
    cautious = _newest_cautious(article) if changed else {}
    return [key for key, (old, new) in changed.items() if not _is_safe(key, old, new, cautious.get(key))]


def _is_safe(key, old, new, cautious):
    if is_clinical(f"rule:{key}"):
        return new is not None and new.digest == cautious and (old is None or old.answered)
    return not any(gives_advice(f"{rule.question}\n{rule.written}") for rule in (old, new) if rule)


def _newest_cautious(article):
    """{key of a rule: the digest of the newest answer "Ask us" that readers have had}."""
    shown = article.publications.order_by("-at", "-pk").values_list("revision", "revision__digest")
    had, found = dict.fromkeys(shown), {}
    offers = publishing.offers_of(dict(had.keys()))
    for _, digest in had:
        for rule in offers[digest].rules.values():
            if not rule.answered:
                found.setdefault(rule.key, rule.digest)
    return found
