"""What the checks advise about the texts that readers see, worked out beside the requests and kept for the dashboard."""

import hashlib
from functools import cache
from pathlib import Path
from time import monotonic

from siweb.articles.models import Advice, Article, Revision
from siweb.articles.rendering.document import Document
from siweb.clinics.models import Clinic

from . import keywords, messages, readability, report

SECONDS = 20  # for one round: the minute tick has other things to do


def advise(seconds=SECONDS, get_context=lambda: None):
    """Look over the live texts that were not looked over by the checks as they are now; how many. Drops what is past.

    `get_context` returns what the texts may quote (Surroundings); it is called only if there is one to look over.
    """
    until = monotonic() + seconds
    live = set(Article.objects.filter(live__isnull=False).values_list("live__digest", flat=True))
    known = dict(Advice.objects.values_list("digest", "made_with"))
    Advice.objects.filter(digest__in=known.keys() - live).delete()
    looked_over, clinic = 0, Clinic.current().name
    new = sorted(digest for digest in live if known.get(digest) != _checks())
    context = get_context() if new else None
    for digest in new:
        if monotonic() > until:
            break
        revision = Revision.objects.filter(digest=digest).first()
        points = [problem.message for problem in report.advice(Document(revision.parsed), clinic, context)]
        Advice.objects.update_or_create(digest=digest, defaults={"made_with": _checks(), "points": points})
        looked_over += 1
    return looked_over


@cache
def _checks():
    """The digest of the checks themselves."""
    written = [
        Path(module.__file__).read_text(encoding="utf-8")
        for module in (messages, readability, keywords, *report.FINDERS)
    ]
    return hashlib.sha256("\n".join(written).encode()).hexdigest()
