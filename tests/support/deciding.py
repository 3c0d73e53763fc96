"""Decisions about articles, in tests, as people make them: the person who approves has had the page on screen."""

from datetime import timedelta

from django.utils import timezone

from siweb.articles.editorial import workflow
from siweb.articles.models import Decision

KIND = Decision.Kind


def in_a_year():
    return timezone.localdate() + timedelta(days=365)


def tomorrow():
    return timezone.now() + timedelta(days=1)


def decide(revision, kind, by, **said):
    """Make a move with whatever it needs."""
    move = workflow.BY_KIND[kind]
    said = {"note": "Because.", "reason": "It has to stay."} | said
    if "seen" in move.needs and "seen" not in said:
        _, said["seen"] = workflow.render_for_review(revision)
        said["read"] = True
    if "review_due" in move.needs:
        said.setdefault("review_due", in_a_year())
    if "publish_at" in move.needs:
        said.setdefault("publish_at", tomorrow())
    return workflow.decide(revision, kind, by, **said)


def signed(revision, by):
    """A clinician has read and approved a text that is live, or that somebody sends for review."""
    return decide(revision, KIND.APPROVE, by)
