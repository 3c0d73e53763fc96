"""Other words for a passage: a clinician proposes them, an editor takes them in. So the clinician wrote no part of the text."""

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from siweb.articles.models import Article, Proposal
from siweb.articles.text import front_matter

from . import publishing
from .workflow import APPROVE, WRITE

OUTCOME = Proposal.Outcome


def waiting(article):
    """The proposals for an article that nobody has decided upon."""
    return Proposal.objects.filter(revision__article=article, outcome=OUTCOME.OPEN).select_related("by", "revision")


def propose(revision, by, passage, wording, note=""):
    """Write down other words for a passage of the newest text. Raises ValidationError, and BadText for words that cannot be
    shown in its place.
    """
    if not by.has_perm(APPROVE):
        raise ValidationError("Only clinicians propose words. Write them into the text instead.")
    passage, wording = front_matter.normal(passage).strip(), front_matter.normal(wording).strip()
    if revision.pk != revision.article.head_id:
        raise ValidationError("There is a newer text. Propose words for that one.", code="moved")
    if not wording:
        raise ValidationError("Write the new words. To take a sentence out, choose more around it and leave it out.")
    text = _with(revision.parsed, passage, wording)
    publishing.draft_page(revision.article.slug, text)
    return Proposal.objects.create(revision=revision, by=by, passage=passage, wording=wording, note=note)


def _with(text, passage, wording):
    """The text with a passage in other words."""
    times = text.body.count(passage) if passage else 0
    if not times:
        raise ValidationError(
            "This passage is not in the text. Copy it from “The text as it is written”: with its stars, brackets and marks."
        )
    if times > 1:
        raise ValidationError(
            f"This passage stands {times} times in the text. Choose more words around the one you mean."
        )
    return replace(text, body=front_matter.canonical_body(text.body.replace(passage, wording)))


@transaction.atomic
def take_in(proposal, by):
    """Make a new draft of an article with the proposed words, by the person who takes them in. Raises ValidationError."""
    article = Article.objects.select_for_update().get(pk=proposal.revision.article_id)
    if not by.has_perm(WRITE):
        raise ValidationError("You do not have permission to decide this.")
    if by == proposal.by:
        raise ValidationError("You proposed these words, so somebody else has to take them in.")
    text = _with(article.head.parsed, proposal.passage, proposal.wording)
    _settle(proposal, by, OUTCOME.ACCEPTED)
    return article.edit(text, by=by, version=article.version, note=f"wording proposed by {proposal.by.get_full_name()}")


@transaction.atomic
def decline(proposal, by, answer):
    """Leave the text as it is, and say why."""
    if not by.has_perm(WRITE):
        raise ValidationError("You do not have permission to decide this.")
    if not answer.strip():
        raise ValidationError("Say in a sentence why the words are not taken in, then press it again.")
    _settle(proposal, by, OUTCOME.DECLINED, answer.strip())


def _settle(proposal, by, outcome, answer=""):
    still_open = Proposal.objects.filter(pk=proposal.pk, outcome=OUTCOME.OPEN)
    settled = {"outcome": outcome, "decided_by": by, "decided_at": timezone.now(), "answer": answer}
    if not still_open.update(**settled):
        raise ValidationError("Somebody has decided about these words already. Nothing was changed.", code="moved")
